"""What stands on a business's papers besides what they are about."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from domains.shared.errors import ValidationFailed
from domains.shared.fields import ONE_LINE
from domains.shared.wire import Command, View

_MOST_LINES = 4
_LONGEST_LINE = 120

TaxNumber = Annotated[str, Meta(min_length=2, max_length=40, pattern=ONE_LINE, examples=["ESB12345674"])]
Footer = Annotated[str, Meta(min_length=1, max_length=500, examples=["IBAN ES91 2100 0418 4502 0005 1332"])]


class PaperSize(StrEnum):
    """The sizes of paper."""

    A4 = "a4"
    LETTER = "us-letter"


class DocumentSettings(Command, frozen=True):
    """What stands on the papers of the business. Without `paper` it is Letter where that is usual, else A4.

    `taxNumber` is shown on all of them. With that of a business in the EU, such as `ESB12345674`, invoices and credit
    notes are electronic ones too (Factur-X). `footer` is on every page: bank accounts, the register, who is
    liable; at most 4 lines of 120 characters.
    """

    paper: PaperSize | None = None
    tax_number: TaxNumber | None = None
    footer: Footer | None = None


def sound_documents(settings: DocumentSettings, field: str) -> DocumentSettings:
    """Without blanks around texts; what is blank is not there. `ValidationFailed` for a footer that is too long."""
    tax_number, footer = ((text or "").strip() or None for text in (settings.tax_number, settings.footer))
    lines = footer.splitlines() if footer else []
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines):
        message = f"A footer has at most {_MOST_LINES} lines of {_LONGEST_LINE} characters."
        raise ValidationFailed.of(f"{field}.footer", "too_long", message)
    return DocumentSettings(paper=settings.paper, tax_number=tax_number, footer=footer)


class Logo(View, frozen=True):
    """The logo of the business, in pixels. Its content is at `/tenants/me/logo`; another `sha256` is another logo."""

    width: Annotated[int, Meta(ge=1, le=1200)]
    height: Annotated[int, Meta(ge=1, le=600)]
    sha256: Annotated[str, Meta(min_length=64, max_length=64)]
