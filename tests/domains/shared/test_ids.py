"""Ids are of version 7, and each is greater than the one before."""

import itertools
import time

from domains.shared.ids import new_id


def test_many_ids_are_in_order_and_say_when_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(100_000)]
    after = time.time_ns() // 1_000_000 + 1
    assert made == sorted(set(made))
    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert before <= made[0].int >> 80 <= made[-1].int >> 80 <= after


def test_what_comes_next_is_not_guessed() -> None:
    first = [new_id().int for _ in range(1000)]
    assert len({later - earlier for earlier, later in itertools.pairwise(first)}) > 990
