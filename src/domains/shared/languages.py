"""The languages in which letters and documents are written."""

DEFAULT = "en"
LANGUAGES = (DEFAULT, "es")


def language_of(*wanted: str | None) -> str:
    """The first of `wanted` that is written here, by its primary subtag (`es-MX` is read as `es`); else English."""
    for tag in wanted:
        primary = (tag or "").replace("_", "-").partition("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return DEFAULT
