"""Drawing a picture anew: what is decoded at all."""

from io import BytesIO

import pytest
from PIL import Image, UnidentifiedImageError

from infra.files.redrawing import redrawn


def picture(form: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(made, form)
    return made.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_what_is_taken_becomes_a_png(form: str) -> None:
    with Image.open(BytesIO(redrawn(picture(form)))) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (40, 20))


@pytest.mark.parametrize("form", ["BMP", "GIF", "TIFF", "PPM"])
def test_no_other_decoder_is_asked(form: str) -> None:
    with pytest.raises(UnidentifiedImageError):
        redrawn(picture(form))
