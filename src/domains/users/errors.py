"""What is refused about users, beyond what every domain refuses."""

from domains.shared.errors import DomainError


class LastOwner(DomainError):
    """The tenant would be left without an owner who can act."""

    code = "last_owner"
    title = "A tenant keeps an owner"
