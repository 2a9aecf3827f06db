"""Filters of letters: times, dates and numbers as the reader's language writes them, in the reader's time zone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

from domains.billing import written

_NARROW, _UNBROKEN = "\u202f", "\u00a0"
_SIGNS = ("+", "-")
_WEB = ("https://", "http://")


@pass_context
def moment(context: Context, instant: str) -> str:
    """An instant (RFC 3339) in the reader's zone, which is named: `November 21, 2026, 4:30 AM EST`.

    A zone that has no short name of its own is told as `UTC-05`. Narrow blanks, which some fonts lack, are wide ones.
    """
    there = _there(context, instant)
    language = context["language"]
    shown = format_date(there, "long", locale=language), format_time(there, "short", locale=language)
    zone = there.tzname() or ""
    told = f"{', '.join(shown)} {'UTC' if zone.startswith(_SIGNS) else ''}{zone}"
    return told.replace(_NARROW, _UNBROKEN)


@pass_context
def day(context: Context, when: str) -> str:
    """A date (`2026-11-21`) as it is: it belongs to no time zone. Of an instant, the date in the reader's zone."""
    shown = _there(context, when).date() if "T" in when else date.fromisoformat(when)
    return format_date(shown, "long", locale=context["language"])


@pass_context
def number(context: Context, value: str) -> str:
    """A number, its thousands parted."""
    return format_decimal(value, locale=context["language"])


@pass_context
def money(context: Context, amount: str, currency: str) -> str:
    """An amount in the currency's minor unit (`12500`, `USD`): `$125.00`, of yen without decimals, of dinars three."""
    return written(int(amount), currency, context["language"])


def web_address(link: str) -> str:
    """The address of a page; anything else (`javascript:`) raises, so that no letter has it."""
    if not str(link).startswith(_WEB):
        raise ValueError("A letter links to web pages only.")
    return link


def _there(context: Context, instant: str) -> datetime:
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(context["timezone"]))


FORMATS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"day": day, "moment": moment, "money": money, "number": number, "web_address": web_address}
)
