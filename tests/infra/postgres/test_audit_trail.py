"""What goes into an entry: personal values in the part that can be deleted, secrets nowhere."""

import copy
from datetime import UTC, datetime

import msgspec
import pytest

from domains.customers import ChangeCustomer, CreateCustomer, Customer
from infra.postgres.audit_trail import _PRIVACY_OF, SECRET, differences
from infra.postgres.tables import Privacy

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def customer() -> Customer:
    return Customer.create(CreateCustomer(name="Grace", phones=("+12125550101",), tags=("vip",)), now=NOON)


def test_a_new_record_shows_what_was_filled_in() -> None:
    found = differences(None, customer())
    assert found.public == {"name": None, "phones": None, "tags": None, "version": [None, 1]}
    assert found.personal == {"name": [None, "Grace"], "phones": [None, ("+12125550101",)], "tags": [None, ("vip",)]}


def test_a_change_shows_what_is_not_the_same() -> None:
    before = customer()
    after = copy.copy(before)
    after.change(ChangeCustomer(name="Grace Hopper", phones=None, tags=("vip",)), now=NOON)
    found = differences(before, after)
    assert found.public == {"name": None, "phones": None, "version": [1, 2]}
    assert found.personal == {"name": ["Grace", "Grace Hopper"], "phones": [("+12125550101",), None]}


def test_what_no_column_declares_to_be_personal_is_public() -> None:
    before = customer()
    after = copy.copy(before)
    after.archive(now=NOON)
    assert differences(before, after).public == {"archived_at": [None, "2026-11-21T12:00:00.000Z"], "version": [1, 2]}


def test_nothing_to_compare_is_no_change() -> None:
    assert differences(None, None).public == {}
    same = customer()
    assert differences(same, copy.copy(same)).public == {}


def test_of_a_secret_it_says_only_that_it_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_PRIVACY_OF["Customer"], "notes", Privacy.SECRET)
    before = customer()
    after = copy.copy(before)
    after.change(ChangeCustomer(notes="hidden"), now=NOON)
    found = differences(before, after)
    assert (found.public["notes"], "notes" in found.personal) == (SECRET, False)


def test_an_entity_or_a_field_that_nobody_declared_is_refused() -> None:
    class Stranger(msgspec.Struct):
        name: str

    with pytest.raises(LookupError):
        differences(None, Stranger("Ada"))
