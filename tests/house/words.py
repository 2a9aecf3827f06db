"""What no file may say: a silenced check without a reason, work left for later, a place on somebody's machine."""

import re
from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import urlsplit

from tests.house.tree import Repository, Source, Violation

_SILENCED = re.compile(r"#\s*(?:ruff:\s*)?(?:noqa|type:\s*ignore|mypy:\s*ignore-errors)(?P<rest>.*)")
_CODES = re.compile(r"^\s*:?\s*(?:\[[^\]]*\]|[A-Z]+[0-9]+(?:\s*,\s*[A-Z]+[0-9]+)*)?[\s#:,;.()-]*")
_REASON = re.compile(r"[a-z]{2,}\W+\w{2,}", re.IGNORECASE)
_LEFT = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
_MACHINE = re.compile(r"(?<![\w.])/(?:home/(?!\$|\{)\w+|root/\w+|Users/\w+|work/\w+|tmp/\w+/\w+)|(?<!\w)\.\./shared\b")
_INDEX = re.compile(
    r"(?:index-url|index_url|extra-index|find-links|registry)\s*[=:]\s*['\"]?(?P<url>https?://[^\s'\"]+)"
)
_LOCKED = re.compile(r"https?://[^\s\"']+")
_LINK = re.compile(r"\]\((?P<target>[^)#\s]+)")
_PUBLIC_HOSTS = frozenset({"pypi.org", "files.pythonhosted.org", "registry.npmjs.org"})


def reason_for_silence(repository: Repository) -> Iterator[Violation]:
    """A `noqa`, a `type: ignore` and their like say in words why, after the codes."""
    for file in repository.python():
        for number, line in enumerate(file.lines, 1):
            silenced = _SILENCED.search(line)
            if silenced and not _REASON.search(_CODES.sub("", silenced["rest"], count=1)):
                yield Violation("reason-for-silence", str(file.path), number, line.strip())


def nothing_left(repository: Repository) -> Iterator[Violation]:
    """Nothing under `src/` and `migrations/` is marked as to be done later: that is what issues are for."""
    for file in _written(repository):
        if file.is_below("src") or file.is_below("migrations"):
            yield from _found("nothing-left", file, _LEFT)


def no_machine(repository: Repository) -> Iterator[Violation]:
    """No file names a folder of one person's machine."""
    for file in _written(repository):
        yield from _found("no-machine", file, _MACHINE)


def public_registries(repository: Repository) -> Iterator[Violation]:
    """Packages come from the public registries: the lock names no other host, no other file names an index."""
    for file in repository.files:
        urls = _LOCKED if file.path.suffix == ".lock" else _INDEX
        for number, line in enumerate(file.lines, 1):
            for match in urls.finditer(line):
                url = match["url"] if "url" in urls.groupindex else match[0]
                if urlsplit(url).hostname not in _PUBLIC_HOSTS:
                    yield Violation("public-registries", str(file.path), number, url)


def live_links(repository: Repository) -> Iterator[Violation]:
    """A link from one page to another file of the repository leads there."""
    files = {str(file.path) for file in repository.files}
    places = files | {str(folder) for file in repository.files for folder in file.path.parents}
    for file in (file for file in _written(repository) if file.path.suffix == ".md"):
        for number, line in enumerate(file.lines, 1):
            for match in _LINK.finditer(line):
                target = match["target"]
                if "://" not in target and normpath(file.path.parent / target) not in places:
                    yield Violation("live-links", str(file.path), number, target)


def _written(repository: Repository) -> Iterator[Source]:
    """Files that people write; vendored ones under `static/` and the lock are not."""
    return (file for file in repository.files if file.path.suffix != ".lock" and "static" not in file.path.parts)


def _found(rule: str, file: Source, pattern: re.Pattern[str]) -> Iterator[Violation]:
    for number, line in enumerate(file.lines, 1):
        if match := pattern.search(line):
            yield Violation(rule, str(file.path), number, match[0])
