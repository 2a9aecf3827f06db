"""Bodies of a type that an address does not take."""

from domains.shared.errors import DomainError

JSON = "application/json"


class UnsupportedBody(DomainError):
    """The body is of another type than those `expected`, of two, or packed."""

    code = "unsupported_media_type"
    title = "Unsupported media type"

    def __init__(self, *expected: str) -> None:
        types = " or ".join(expected)
        super().__init__(f"The body must be sent as {types}, with one Content-Type and no Content-Encoding.")
