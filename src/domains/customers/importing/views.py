"""How the report of an import is shown."""

from typing import Annotated

from msgspec import Meta

from domains.shared.wire import View


class ImportFaultView(View, frozen=True):
    """What is wrong with the row that begins on `line`; `field` is the header of its column."""

    line: Annotated[int, Meta(ge=1, examples=[17])]
    field: Annotated[str, Meta(max_length=200, examples=["E-mail"])]
    code: Annotated[str, Meta(max_length=64, examples=["invalid_email"])]
    message: Annotated[str, Meta(max_length=500, examples=["An e-mail address must have an @-sign."])]
