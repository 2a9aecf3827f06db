"""The chain: whatever is changed, taken out, added or moved is found at its number."""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domains.audit import Chain, Part, Seal, SealedEntry, Verification

_SALT = b"salt of a part 16"
_TENANT = UUID(int=1)


def entry(number: int, before: bytes) -> SealedEntry:
    """A sealed entry with both parts, chained to the hash `before`."""
    origin, personal = Part('{"ip":"192.0.2.7"}', _SALT), Part('{"name":[null,"Zoë \\u0001"]}', _SALT)
    bare = SealedEntry(
        tenant=_TENANT,
        id=UUID(int=100 + number),
        occurred_at=datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC),
        actor=UUID(int=7),
        action="customer.created",
        subject=None,
        request_id="request-1",
        changes='{"name":null,"version":[null,1]}',
        origin=origin,
        personal=personal,
        seal=Seal(number=number, origin_digest=_digest(origin), personal_digest=_digest(personal), hash=b""),
    )
    return sealed(bare, hash=bare.hash_after(before))


def sealed(bare: SealedEntry, **fields: Any) -> SealedEntry:
    return msgspec.structs.replace(bare, seal=msgspec.structs.replace(bare.seal, **fields))


def chain(length: int) -> list[SealedEntry]:
    made: list[SealedEntry] = []
    for number in range(1, length + 1):
        made.append(entry(number, made[-1].seal.hash if made else bytes(32)))
    return made


def broken_at(entries: list[SealedEntry], end: Chain, *, highest: int | None = None) -> int | None:
    verification = Verification()
    for each in entries:
        verification.follow(each)
    return verification.broken_at(end, highest=end.number if highest is None else highest)


def end_of(entries: list[SealedEntry]) -> Chain:
    return Chain(number=entries[-1].seal.number, hash=entries[-1].seal.hash)


def test_a_whole_chain_holds_and_so_does_none() -> None:
    whole = chain(5)
    assert broken_at(whole, end_of(whole)) is None
    assert broken_at([], Chain(number=0, hash=bytes(32))) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant", UUID(int=2)),
        ("id", UUID(int=9)),
        ("occurred_at", datetime(2026, 11, 21, 9, 30, 0, 123457, tzinfo=UTC)),
        ("actor", None),
        ("action", "customer.archived"),
        ("subject", UUID(int=7)),
        ("request_id", None),
        ("changes", "{}"),
        ("origin", Part('{"ip":"192.0.2.8"}', _SALT)),
        ("origin", Part(None, _SALT)),
        ("personal", Part('{"name":[null,"Zoë \\u0001"]}', b"another salt")),
        ("personal", Part("{}", None)),
    ],
)
def test_a_changed_field_is_found_at_its_number(field: str, value: Any) -> None:
    whole = chain(5)
    changed = msgspec.structs.replace(whole[2], **{field: value})
    assert broken_at([*whole[:2], changed, *whole[3:]], end_of(whole)) == 3


@pytest.mark.parametrize(
    ("field", "value"), [("number", 9), ("origin_digest", None), ("personal_digest", b"x" * 32), ("hash", b"x" * 32)]
)
def test_a_changed_seal_is_found_at_its_number(field: str, value: Any) -> None:
    whole = chain(5)
    assert broken_at([*whole[:2], sealed(whole[2], **{field: value}), *whole[3:]], end_of(whole)) == 3


def test_a_part_that_was_deleted_with_its_salt_is_no_change_unless_its_digest_is_one() -> None:
    whole = chain(3)
    erased = msgspec.structs.replace(whole[1], origin=Part(None, None), personal=Part(None, None))
    assert broken_at([whole[0], erased, whole[2]], end_of(whole)) is None
    assert broken_at([whole[0], sealed(erased, personal_digest=b"x" * 32), whole[2]], end_of(whole)) == 2


def test_what_is_taken_out_is_found() -> None:
    whole = chain(5)
    end = end_of(whole)
    assert broken_at(whole[1:], end) == 1
    assert broken_at([*whole[:2], *whole[3:]], end) == 3
    assert broken_at(whole[:-1], end) == 5
    assert broken_at([], end) == 1


def test_what_changes_places_or_is_put_in_is_found() -> None:
    whole = chain(5)
    swapped = [whole[0], sealed(whole[2], number=2), sealed(whole[1], number=3), *whole[3:]]
    assert broken_at(swapped, end_of(whole)) == 2
    assert broken_at(whole, end_of(whole[:3]), highest=5) == 3
    assert broken_at(whole[:3], end_of(whole[:3]), highest=5) == 4


def test_a_chain_made_anew_ends_otherwise() -> None:
    whole, other = chain(2), chain(1)
    forged = entry(2, other[0].seal.hash)
    forged = msgspec.structs.replace(forged, action="customer.archived")
    forged = sealed(forged, hash=forged.hash_after(other[0].seal.hash))
    assert broken_at([other[0], forged], end_of(whole)) == 2
    assert broken_at([], Chain(number=0, hash=b"other"), highest=0) == 1


def _digest(part: Part) -> bytes:
    return hashlib.sha256((part.salt or b"") + (part.text or "").encode()).digest()
