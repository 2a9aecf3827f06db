"""What a refusal tells beside its words, and whom."""

from types import SimpleNamespace
from typing import cast

from litestar.types import Scope

from api.refusal_details import details_of
from domains.appointments import SlotTaken
from domains.shared.ids import new_id


def asked(*, public: bool) -> Scope:
    return cast("Scope", {"route_handler": SimpleNamespace(opt={"public": public})})


def test_a_stranger_is_not_told_which_visit_has_a_time() -> None:
    visit = new_id()
    taken = SlotTaken("This person has another visit then.", conflicts_with=visit)
    assert details_of(asked(public=False), taken)["conflicts_with"] == visit
    assert details_of(asked(public=True), taken) == {}
