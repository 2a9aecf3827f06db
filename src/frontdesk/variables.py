"""Reads environment variables one by one, and remembers what is wrong with each."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeVar
from urllib.parse import urlsplit

Choice = TypeVar("Choice", bound=StrEnum)
Network = IPv4Network | IPv6Network

_SECONDS_OF = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_NEAR = 0.75


class Variables:
    """An empty variable counts as unset. `problems` has one line for each wrong one; it never quotes a secret."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self._values = {name: value.strip() for name, value in values.items() if value and value.strip()}
        self.problems: list[str] = []
        self.asked: set[str] = set()

    def text(self, name: str) -> str | None:
        self.asked.add(name)
        return self._values.get(name)

    def secret(self, name: str, *, at_least: int) -> str | None:
        found = self.text(name)
        if found is not None and len(found) < at_least:
            self.wrong(name, f"must have at least {at_least} characters")
        return found

    def secrets(self, name: str, *, at_least: int) -> tuple[str, ...]:
        """One or several, separated by commas."""
        found = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        if any(len(each) < at_least for each in found):
            self.wrong(name, f"must have at least {at_least} characters, each of several")
        return found

    def whole(self, name: str, default: int, *, low: int, high: int) -> int:
        found = self.text(name)
        if found is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", found) or not low <= int(found) <= high:
            self.wrong(name, f"must be a whole number from {low} to {high}, not {found!r}")
            return default
        return int(found)

    def duration(self, name: str, default: timedelta, *, low: timedelta, high: timedelta) -> timedelta:
        found = self.text(name)
        if found is None:
            return default
        length = length_of(found)
        if length is None or not low <= length <= high:
            bounds = f"from {_short(low)} to {_short(high)}"
            self.wrong(name, f"must be seconds, or such as 15m or 1h, {bounds}, not {found!r}")
            return default
        return length

    def choice(self, name: str, default: Choice) -> Choice:
        found = self.text(name)
        options = {option.value.lower(): option for option in type(default)}
        if found is None:
            return default
        if found.lower() not in options:
            self.wrong(name, f"must be one of {', '.join(type(default))}, not {found!r}")
            return default
        return options[found.lower()]

    def address(self, name: str, *, schemes: Sequence[str]) -> str | None:
        """A URL of one of `schemes` with a host. It may bear a password, so it is never quoted."""
        found = self.text(name)
        if found is not None and not _is_address(found, schemes):
            self.wrong(name, f"must be a URL such as {schemes[0]}://host")
        return found

    def origins(self, name: str) -> tuple[str, ...]:
        """Origins (scheme, host and port only), separated by commas."""
        found = tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())
        for origin in found:
            if not _is_address(origin, ("https", "http")) or not re.fullmatch(r"https?://[^/?#@]+", origin):
                self.wrong(name, f"must be origins such as https://app.example.com, not {origin!r}")
        return found

    def networks(self, name: str) -> tuple[Network, ...]:
        """IP addresses and networks, separated by commas."""
        found: list[Network] = []
        for part in (part.strip() for part in (self.text(name) or "").split(",") if part.strip()):
            try:
                found.append(ip_network(part))
            except ValueError:
                self.wrong(name, f"must be addresses or networks such as 10.0.0.0/8, not {part!r}")
        return tuple(found)

    def matching(self, name: str, default: str, pattern: str, expected: str) -> str:
        found = self.text(name)
        if found is not None and not re.fullmatch(pattern, found):
            self.wrong(name, f"must be {expected}, not {found!r}")
            return default
        return found or default

    def must_be_known(self, names: Iterable[str]) -> None:
        """Whatever is nearly the name of a setting, and is none, was meant to be it."""
        for name in names:
            if name not in self.asked and (near := get_close_matches(name, self.asked, n=1, cutoff=_NEAR)):
                self.wrong(name, f"is no setting, {near[0]} is one")

    def wrong(self, name: str, what: str) -> None:
        self.problems.append(f"{name} {what}.")


def length_of(text: str) -> timedelta | None:
    """`90`, `15m`, `1h`; None for anything else."""
    match = re.fullmatch(r"([0-9]{1,7})([smhd]?)", text)
    return timedelta(seconds=int(match[1]) * _SECONDS_OF[match[2]]) if match else None


def _short(length: timedelta) -> str:
    """The same as `length_of` reads it."""
    seconds = int(length.total_seconds())
    unit = next(unit for unit in reversed(_SECONDS_OF) if unit and seconds % _SECONDS_OF[unit] == 0)
    return f"{seconds // _SECONDS_OF[unit]}{unit}"


def _is_address(text: str, schemes: Sequence[str]) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
