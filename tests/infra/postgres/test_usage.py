"""What is far below its limit is not looked at each time; what is near always is."""

import pytest

from domains.shared.ids import new_id
from domains.shared.plans import Quota
from infra.postgres.usage import FarOff

TENANT, OTHER = new_id(), new_id()


def nobody(_: Quota) -> None:
    """Nobody counts refusals here."""


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def test_it_is_remembered_for_a_second_of_one_tenant_and_quota() -> None:
    watch = Watch()
    far = FarOff(nobody, now=watch)
    far.note(TENANT, Quota.CUSTOMERS, most=20_000, used=10_000)
    assert far.has(TENANT, Quota.CUSTOMERS)
    assert not far.has(OTHER, Quota.CUSTOMERS)
    assert not far.has(TENANT, Quota.USERS)
    watch.time += 1
    assert not far.has(TENANT, Quota.CUSTOMERS)


@pytest.mark.parametrize(
    ("most", "used", "is_far"), [(None, None, True), (10_000, 0, True), (10_000, 1, False), (0, 0, False)]
)
def test_near_is_within_ten_thousand(most: int | None, used: int | None, is_far: bool) -> None:
    far = FarOff(nobody, now=Watch())
    far.note(TENANT, Quota.CUSTOMERS, most=most, used=used)
    assert far.has(TENANT, Quota.CUSTOMERS) is is_far
