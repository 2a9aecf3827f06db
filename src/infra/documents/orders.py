"""What the process that sets papers is asked, and what it answers: Typst itself is loaded there alone."""

from datetime import date
from typing import Literal

import msgspec


class Order(msgspec.Struct, frozen=True):
    """A paper to be set: what it shows as JSON, the day on which it is made, as PDF or in pictures (PNG).

    An `archival` one is PDF/A-3b.
    """

    shown: str
    day: date
    form: Literal["pdf", "png"] = "pdf"
    archival: bool = False


class Compiled(msgspec.Struct, frozen=True):
    """A PDF, or one picture a page; or what was wrong."""

    pages: list[bytes]
    fault: str | None = None
