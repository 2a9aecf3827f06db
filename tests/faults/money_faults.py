"""Faults of money: what documents come to, and how they are numbered, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_SUMS = "src/domains/billing/sums.py"
_MODEL = "tests/domains/billing/test_sums.py::test_thousands_of_documents_agree_with_the_model"
_CENTS = "tests/domains/billing/test_sums.py::test_to_the_cent"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "halves go to the even",
        _SUMS,
        "return (2 * numerator + denominator) // (2 * denominator)",
        "return round(Fraction(numerator, denominator))",
        _CENTS,
    ),
    _fault(
        "the remainder of a discount is lost",
        _SUMS,
        "for at in largest_first[: total - sum(parts)]:",
        "for at in largest_first[:0]:",
        _MODEL,
    ),
    _fault(
        "a discount spares the taxes",
        _SUMS,
        "        group.rest -= share\n",
        "        group.rest -= share if not group.taxes else 0\n",
        _MODEL,
    ),
    _fault(
        "taxes take more than there is",
        _SUMS,
        "    for key in dearest_first[: max(0, sum(rounded.values()) - gross)]:",
        "    for key in dearest_first[:0]:",
        _CENTS,
    ),
    _fault(
        "a tiny discount is negative",
        _SUMS,
        "reduction = max(0, before - taxed.net)",
        "reduction = before - taxed.net",
        _CENTS,
    ),
    _fault(
        "an option that nobody chose is charged",
        "src/domains/billing/items.py",
        "return self.selected or not self.optional",
        "return True",
        _MODEL,
    ),
    _fault(
        "sums grow beyond what clients can hold",
        "src/domains/billing/items.py",
        "    if max(everything.total, sum(item.amount for item in items)) > LARGEST:",
        "    if everything.total < 0:",
        "tests/domains/billing/test_items.py::test_no_sum_is_larger_than_clients_can_hold",
    ),
)
