"""What the business's documents bear: tax rates, and how numbers are written."""

import re
from decimal import Decimal
from typing import Annotated

from msgspec import Meta

from domains.shared.errors import FieldError, ValidationFailed
from domains.shared.fields import ONE_LINE
from domains.shared.wire import Command

_HUNDRED = Decimal(100)
_PLACES = re.compile(r"\{([^{}]*)\}")
_SEQUENCE = re.compile(r"seq(:[1-9])?")

_REST = "[A-Za-z0-9/._ -]*"
_SEQ, _YEAR = r"\{seq(:[1-9])?\}", r"\{year\}"
# Shown beside the pattern that is checked: who misses these is told more than that the form is wrong.
_UP_TO_HUNDRED = {"allOf": [{"pattern": r"^(0?[0-9]{1,2}(\.[0-9]{1,4})?|100(\.0{1,4})?)$(?!\n)"}]}
_WITH_PLACES = {
    "allOf": [
        {"pattern": rf"^({_REST}{_SEQ}{_REST}({_YEAR}{_REST})?|{_REST}{_YEAR}{_REST}{_SEQ}{_REST})$(?!\n)"},
    ]
}
PercentText = Annotated[
    str,
    Meta(
        max_length=8,
        pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$(?!\n)",
        examples=["8.875"],
        extra_json_schema=_UP_TO_HUNDRED,
    ),
]
TaxName = Annotated[str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, examples=["Sales tax"])]
NumberFormat = Annotated[
    str,
    Meta(
        min_length=5,
        max_length=40,
        pattern=r"^[A-Za-z0-9{}:/._ -]+$(?!\n)",
        examples=["Q-{year}-{seq:5}"],
        extra_json_schema=_WITH_PLACES,
    ),
]


class TaxRate(Command, frozen=True):
    """A tax in percent, from 0 to 100 with at most 4 decimals. One of them may be what new items get by default."""

    name: TaxName
    rate: PercentText
    is_default: bool = False


TaxRates = Annotated[tuple[TaxRate, ...], Meta(max_length=20)]


class Numbering(Command, frozen=True):
    """How numbers are written: `{seq}`, or `{seq:5}` for five digits; `{year}` if wanted, with which they restart."""

    quote: NumberFormat = "Q-{year}-{seq:5}"
    invoice: Annotated[NumberFormat, Meta(examples=["INV-{year}-{seq:5}"])] = "INV-{year}-{seq:5}"
    credit_note: Annotated[NumberFormat, Meta(examples=["CN-{year}-{seq:5}"])] = "CN-{year}-{seq:5}"


class Invoicing(Command, frozen=True):
    """When invoices fall due, in days after they are sent, and when customers are reminded, in days after that day."""

    payment_days: Annotated[int, Meta(ge=0, le=365, examples=[14])] = 30
    reminder_days: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=365)], ...], Meta(max_length=10, examples=[[3, 14, 30]])
    ] = (3, 14, 30)


def sound_rates(rates: tuple[TaxRate, ...], field: str) -> tuple[TaxRate, ...]:
    """Each rate in its shortest form (`8.50` is `8.5`). `ValidationFailed` beyond 100, and for two of one name."""
    found = tuple(_shortest(rate) for rate in rates)
    names = [rate.name.casefold() for rate in found]
    faults = [
        *(_fault(f"{field}[{at}].rate", "too_large") for at, rate in enumerate(found) if Decimal(rate.rate) > _HUNDRED),
        *(_fault(f"{field}[{at}].name", "too_short") for at, rate in enumerate(found) if not rate.name),
        *(_fault(f"{field}[{at}].name", "repeated") for at, name in enumerate(names) if name in names[:at]),
    ]
    if sum(rate.is_default for rate in found) > 1:
        faults.append(_fault(field, "several_defaults"))
    if faults:
        raise ValidationFailed.all_of(faults)
    return found


def sound_invoicing(invoicing: Invoicing, field: str) -> Invoicing:
    """`ValidationFailed` unless each reminder comes after the one before."""
    days = invoicing.reminder_days
    if list(days) != sorted(set(days)):
        message = "Each reminder comes later than the one before."
        raise ValidationFailed.of(f"{field}.reminderDays", "not_ascending", message)
    return invoicing


def sound_numbering(numbering: Numbering, field: str) -> Numbering:
    """`ValidationFailed` unless each format has `{seq}` once, `{year}` at most once, and no other place."""
    formats = {"quote": numbering.quote, "invoice": numbering.invoice, "creditNote": numbering.credit_note}
    faults = [
        FieldError(f"{field}.{name}", "invalid_format", "Expected {seq} once, {year} at most once, and no other place.")
        for name, text in formats.items()
        if not _is_number_format(text)
    ]
    if faults:
        raise ValidationFailed.all_of(faults)
    return numbering


_SAYING = {
    "too_large": "A rate is at most 100 percent.",
    "too_short": "A tax has a name.",
    "repeated": "Each tax has a name of its own.",
    "several_defaults": "At most one rate is the default.",
}


def _fault(field: str, code: str) -> FieldError:
    return FieldError(field, code, _SAYING[code])


def _shortest(rate: TaxRate) -> TaxRate:
    percent = f"{Decimal(rate.rate):f}"
    text = percent.rstrip("0").rstrip(".") if "." in percent else percent
    return TaxRate(name=rate.name.strip(), rate=text, is_default=rate.is_default)


def _is_number_format(text: str) -> bool:
    places = _PLACES.findall(text)
    sequences = [place for place in places if _SEQUENCE.fullmatch(place)]
    rest = _PLACES.sub("", text)
    others = [place for place in places if place not in sequences and place != "year"]
    return len(sequences) == 1 and places.count("year") <= 1 and not others and not set("{}:") & set(rest)
