"""What the domain of customers refuses beside what everyone does."""

from uuid import UUID

from domains.shared.errors import Conflict, FieldError


class CustomerInUse(Conflict):
    """Something refers to the customer."""

    code = "customer_in_use"
    title = "Something refers to the customer"


class CustomerMerged(Conflict):
    """The customer was merged into another one, which stands for it now."""

    code = "customer_merged"
    title = "The customer was merged into another one"

    @classmethod
    def into(cls, survivor: UUID) -> "CustomerMerged":
        found = FieldError("mergedInto", "merged", str(survivor))
        return cls("Use the customer into which it was merged, or undo that first.", errors=(found,))
