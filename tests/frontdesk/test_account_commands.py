"""What operators do for people who cannot help themselves."""

from functools import partial
from pathlib import Path

import pytest

from tests.api.test_two_factor import enrolled, must_be
from tests.frontdesk.commands import refusal, run
from tests.frontdesk.test_operators import settings_of
from tests.support.databases import rows
from tests.support.house import House
from tests.support.registrations import an_address, log_in
from tests.support.signed_up import again, is_live, post, signed_up, subjects
from tests.support.soon import becomes

LOG = "select action, actor_id, request_id, changes->'by'->>1 as by from audit_log where subject_id = $1 order by id"
EVENTS = "select action from directory.security_events where address = $1 order by id"


async def test_who_lost_the_second_factor_and_the_codes_gets_in_by_password(house: House, tmp_path: Path) -> None:
    """On the operator's word: sessions end, a letter tells the person, and it is noted in both places."""
    who, settings = await enrolled(house), settings_of(house.database)
    must_be(await log_in(house, who.email), 401, "two_factor_required")
    done = run(tmp_path, "accounts", "drop-second-factor", who.email.upper(), **settings)
    assert done.returncode == 0, done
    await becomes(False, partial(is_live, house, who.person.token))
    await house.follow_up()
    assert subjects(house, who.email)[0] == "Your second sign-in step was changed"
    token = await again(house, who.email)
    noted = await rows(house.database.admin, LOG, who.person.user["id"])
    assert tuple(noted[-1]) == ("two_factor.taken_away", None, "operator", "operator")
    assert (await rows(house.database.admin, EVENTS, who.email))[-1]["action"] == "two_factor.taken_away"
    set_up = await post(house, "/auth/2fa/enable", {"method": "totp"}, token)
    assert set_up.status_code == 200
    assert "No second factor is on" in refusal(tmp_path, "accounts", "drop-second-factor", who.email, **settings)


async def test_all_sessions_of_an_account_are_ended(house: House, tmp_path: Path) -> None:
    person, other = await signed_up(house), await signed_up(house)
    second = await again(house, person.email)
    done = run(tmp_path, "accounts", "end-sessions", person.email, **settings_of(house.database))
    assert (done.returncode, done.stdout) == (0, f"{person.email}: 2 sessions have ended.\n")
    for token in (person.token, second):
        await becomes(False, partial(is_live, house, token))
    assert await is_live(house, other.token)
    noted = await rows(house.database.admin, EVENTS, person.email)
    assert [row["action"] for row in noted] == ["session.all_taken_away"]


@pytest.mark.parametrize("verb", ["drop-second-factor", "end-sessions"])
def test_who_has_no_account_is_told_apart(house: House, tmp_path: Path, verb: str) -> None:
    settings = settings_of(house.database)
    assert "account" in refusal(tmp_path, "accounts", verb, an_address(), **settings)
    assert "email" in refusal(tmp_path, "accounts", verb, "nobody", **settings)
