"""Faults of the price list, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_PRICES = "tests/api/test_price_list.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a price is taken over into another currency",
        "src/domains/billing/price_list.py",
        'if "unit_price" in lent and self.currency != currency:',
        'if "unit_price" in lent and not currency:',
        f"{_PRICES}::test_what_lends_nothing_is_named",
    ),
    _fault(
        "what a price was archived for goes on",
        "src/domains/billing/price_list.py",
        "if lent and self.is_archived:",
        "if not lent and self.is_archived:",
        f"{_PRICES}::test_what_lends_nothing_is_named",
    ),
    _fault(
        "an item's own price gives way to the list's",
        "src/domains/billing/price_list.py",
        "for name, value in own.items() if getattr(wanted, name) is UNSET}",
        "for name, value in own.items()}",
        f"{_PRICES}::test_an_item_takes_over_what_it_does_not_say_and_keeps_it",
    ),
    _fault(
        "a price is taken for a service",
        "src/domains/billing/drafting.py",
        "if lender not in known[name]:",
        "if not any(lender in each for each in known.values()):",
        f"{_PRICES}::test_a_service_lends_its_name_and_price",
    ),
    _fault(
        "those who add to a full price list at once do not see one another",
        "src/infra/postgres/price_list.py",
        "        await self._work.connection.execute(_ALONE, str(self._work.tenant))\n",
        "",
        f"{_PRICES}::test_a_list_has_ten_thousand_prices_at_most",
    ),
    _fault(
        "two prices have one SKU",
        "migrations/versions/0861_price_list.py",
        '"create unique index price_items_by_sku',
        '"create index price_items_by_sku',
        f"{_PRICES}::test_no_two_in_the_list_have_one_sku",
    ),
)
