"""The numbers of documents: each once, without a gap, in the tenant's own format."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domains.shared.fields import ONE_LINE

_SEQUENCE = re.compile(r"\{seq(?::([1-9]))?\}")
_YEAR = "{year}"

DocumentNumber = Annotated[str, Meta(min_length=1, max_length=64, pattern=ONE_LINE, examples=["Q-2026-00001"])]


class DocumentKind(StrEnum):
    """What is numbered, each kind by itself."""

    CREDIT_NOTE = "credit_note"
    INVOICE = "invoice"
    QUOTE = "quote"


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Documents that are counted together. `year` is 0 where the format does not name it: the count never restarts.

    Another format of the same kind goes on counting.
    """

    kind: DocumentKind
    year: int
    form: str

    @classmethod
    def at(cls, kind: DocumentKind, form: str, moment: datetime, zone: ZoneInfo) -> "Series":
        """The series at `moment`, in the year that it is in `zone`."""
        year = moment.astimezone(zone).year
        named = form.replace(_YEAR, str(year))
        return cls(kind=kind, year=year if _YEAR in form else 0, form=named)

    def number(self, sequence: int) -> str:
        """The text of one number; more digits than the format has room for are written all the same."""
        return _SEQUENCE.sub(lambda found: f"{sequence:0{found[1] or 1}d}", self.form)


class DocumentNumbers(Protocol):
    """The counters of the tenant."""

    async def next(self, series: Series) -> str:
        """The next number of the series, locked until the work ends: take it last.

        A work that is undone gives it back.
        """
        ...
