"""The price list of the demo tenant."""

from collections.abc import Sequence

from domains.billing.price_list import CreatePriceItem

PRICES: Sequence[CreatePriceItem] = (
    CreatePriceItem(name="Emergency call at night", unit_price=24_000, tax_rate="8.875", sku="CALL-N"),
    CreatePriceItem(name="Replace the kitchen tap", unit_price=12_500, unit="hour", tax_rate="8.875", sku="TAP-K"),
    CreatePriceItem(name="Yearly service", unit_price=18_900, unit="year", tax_rate="8.875"),
)
