"""What the domain of customers refuses beside what everyone does."""

from collections.abc import Mapping
from uuid import UUID

from domains.shared.errors import Conflict, FieldError


class CustomerInUse(Conflict):
    """Something refers to the customer."""

    code = "customer_in_use"
    title = "Something refers to the customer"

    @classmethod
    def by(cls, counts: Mapping[str, int]) -> "CustomerInUse":
        """`counts` says of how much of what, named in the plural: `{"quotes": 2}`."""
        told = {name: f"{count} {name if count != 1 else name.removesuffix('s')}" for name, count in counts.items()}
        found = tuple(FieldError(name.replace(" ", "_"), "refers", f"{text}.") for name, text in told.items())
        return cls(f"{', '.join(told.values())} of this customer: archive it instead.", errors=found)


class CustomerMerged(Conflict):
    """The customer was merged into another one, which stands for it now."""

    code = "customer_merged"
    title = "The customer was merged into another one"

    @classmethod
    def into(cls, survivor: UUID) -> "CustomerMerged":
        found = FieldError("mergedInto", "merged", str(survivor))
        return cls("Use the customer into which it was merged, or undo that first.", errors=(found,))
