"""Signatures of webhooks. Attack C5 84."""

import sys
from datetime import UTC, datetime
from types import FrameType

import pytest

from domains.shared.errors import Unauthenticated
from infra.webhooks.signature import must_be_signed, stamped

BODY, SECRETS = b'{"id": "evt_1"}', ("whsec_new", "whsec_old")
NOW = datetime.fromtimestamp(1_900_000_000, UTC)


def steps(header: str) -> list[str]:
    """Every function that is called while the signature is refused, in order."""
    seen: list[str] = []

    def notice(frame: FrameType, event: str, called: object) -> None:
        if event == "call":
            seen.append(frame.f_code.co_name)
        elif event == "c_call":
            seen.append(getattr(called, "__name__", ""))

    sys.setprofile(notice)
    try:
        must_be_signed(BODY, header, secrets=SECRETS, now=NOW)
    except Unauthenticated:
        return seen
    finally:
        sys.setprofile(None)
    raise AssertionError("it is taken")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_signature_that_differs_early_takes_the_same_steps(secret: str) -> None:
    stamp, _, good = stamped(BODY, secret=secret, at=int(NOW.timestamp())).rpartition("=")
    must_be_signed(BODY, f"{stamp}={good}", secrets=SECRETS, now=NOW)
    other = {first: "0" if first != "0" else "1" for first in "0123456789abcdef"}
    early = steps(f"{stamp}={other[good[0]]}{good[1:]}")
    assert early == steps(f"{stamp}={good[:-1]}{other[good[-1]]}")
    assert early == steps(f"{stamp}={'x' * len(good)}")
    assert sum(name.endswith("compare_digest") for name in early) == len(SECRETS), early
