"""Drawing a picture anew, as a program: a PNG or JPEG from the standard input, a PNG to the standard output.

It runs by itself, since decoders are where files break in. What it refuses ends it with a word of why.
"""

import resource
import sys
from io import BytesIO

from PIL import Image, ImageOps

_MOST_PIXELS = 25_000_000
_MOST_MEMORY = 1 << 30
_MOST_SECONDS = 10
_BOX = (1200, 600)
_MOST_BYTES = 256 * 1024
_SMALLEST = 32


def redrawn(content: bytes) -> bytes:
    """As PNG within the box, shrunk until it is small enough to be in every paper. Raise where it is no picture."""
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as found:
        if found.width * found.height > _MOST_PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(found)
        drawn = upright.convert("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
    drawn.thumbnail(_BOX)
    bare = Image.new(drawn.mode, drawn.size)
    bare.paste(drawn)
    while True:
        made = BytesIO()
        bare.save(made, "PNG", optimize=True)
        if made.tell() <= _MOST_BYTES or max(bare.size) <= _SMALLEST:
            return made.getvalue()
        bare.thumbnail((bare.width * 3 // 4, bare.height * 3 // 4))


def confine() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, _MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


if __name__ == "__main__":
    confine()
    try:
        picture = redrawn(sys.stdin.buffer.read())
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        sys.exit(1)
    sys.stdout.buffer.write(picture)
