"""Access tokens: what is issued can be read, and nothing else can."""

import time
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import jwt
import pytest

from domains.identity import Session
from domains.shared.errors import TokenExpired, Unauthenticated
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.tokens import JwtAccessTokens, key_id
from tests.support.forgery import GOOD_HEADER, Claims, claims, token, unsigned
from tests.support.house import SECRET


def wall() -> datetime:
    return datetime.now(UTC)


TOKENS = JwtAccessTokens(SECRET, lifetime=600, wall=wall)
SID = UUID("01920000-0000-7000-8000-000000000001")
OTHER_SECRET = "another secret that only tests know, and long enough for HS256"


def session() -> Session:
    return Session(id=new_id(), account=new_id(), tenant=new_id(), user=new_id(), role=Role.OWNER)


def test_a_token_names_its_session_and_no_role() -> None:
    opened = session()
    issued = TOKENS.issue(opened)
    assert TOKENS.read(issued) == opened.id
    said = jwt.decode(issued, options={"verify_signature": False})
    assert sorted(said) == ["aud", "exp", "iat", "iss", "sid", "sub", "tid"]
    assert said["exp"] - said["iat"] == TOKENS.lifetime == 600


def test_a_token_made_by_hand_is_read_when_it_is_right() -> None:
    assert TOKENS.read(token(claims(SID))) == SID


ALGORITHMS = ["".join(letters) for letters in product("nN", "oO", "nN", "eE")]
STRANGE_KIDS: list[object] = [
    *("unknown", "", None, 7, [], "../../etc/passwd", "/dev/null", "' or 1=1 --"),
    key_id(OTHER_SECRET),
]
BAD_HEADERS: list[Claims] = [
    *({**GOOD_HEADER, "alg": algorithm} for algorithm in ALGORITHMS),
    *({**GOOD_HEADER, "alg": algorithm} for algorithm in ("HS384", "HS512", "RS256", "ES256", "PS256", "EdDSA", "")),
    {"typ": "at+jwt"},
    {**GOOD_HEADER, "alg": None},
    {**GOOD_HEADER, "alg": ["HS256"]},
    {"alg": "HS256"},
    {**GOOD_HEADER, "typ": "JWT"},
    {**GOOD_HEADER, "typ": "rt+jwt"},
    {**GOOD_HEADER, "typ": None},
    {**GOOD_HEADER, "crit": ["exp"]},
    {**GOOD_HEADER, "crit": []},
    {**GOOD_HEADER, "crit": ["b64"], "b64": False},
    {**GOOD_HEADER, "crit": ["b64"], "b64": True},
    {**GOOD_HEADER, "crit": ["b64"]},
    {**GOOD_HEADER, "b64": False},
    {"alg": "HS256", "typ": "at+jwt"},
    *({**GOOD_HEADER, "kid": kid} for kid in STRANGE_KIDS),
    {**GOOD_HEADER, "jku": "http://127.0.0.1:1/keys"},
    {**GOOD_HEADER, "x5u": "http://127.0.0.1:1/keys"},
    {**GOOD_HEADER, "jwk": {"kty": "oct", "k": "AAAA"}},
    {**GOOD_HEADER, "cty": "JWT"},
]


@pytest.mark.parametrize("header", BAD_HEADERS, ids=str)
def test_a_header_that_we_never_give_out_is_refused(header: Claims) -> None:
    for forged in (token(claims(SID), header=header), unsigned(token(claims(SID), header=header))):
        with pytest.raises(Unauthenticated):
            TOKENS.read(forged)


BAD_CLAIMS: list[Claims] = [
    *({name: ...} for name in ("iss", "aud", "sub", "sid", "iat", "exp")),
    *({name: None} for name in ("iss", "aud", "sub", "sid", "iat", "exp")),
    {"iss": "somebody"},
    {"iss": ["frontdesk"]},
    {"aud": "other-api"},
    {"aud": ["other-api"]},
    {"aud": {"frontdesk-api": 1}},
    {"sid": "none"},
    {"sid": 7},
    {"sub": 7},
    {"exp": "soon"},
    {"exp": [1]},
    {"nbf": 2**40},
    {"iat": 2**40},
]


@pytest.mark.parametrize("changes", BAD_CLAIMS, ids=str)
def test_a_claim_that_is_missing_or_wrong_is_refused(changes: Claims) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.read(token(claims(SID, **changes)))


@pytest.mark.parametrize("age", [31, 3600, 10**9])
def test_an_expired_token_is_told_so(age: int) -> None:
    with pytest.raises(TokenExpired):
        TOKENS.read(token(claims(SID, exp=int(time.time()) - age)))


@pytest.mark.parametrize("exp", [-1, 0, 1.5])
def test_an_expiry_before_our_time_is_expired(exp: float) -> None:
    with pytest.raises(TokenExpired):
        TOKENS.read(token(claims(SID, exp=exp)))


@pytest.mark.parametrize("exp", [1e400, float("nan"), -1e400])
def test_an_expiry_that_is_no_number_is_refused(exp: float) -> None:
    with pytest.raises((Unauthenticated, TokenExpired)):
        TOKENS.read(token(claims(SID, exp=exp)))


def test_an_expired_token_with_another_key_is_not_told_expired() -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.read(token(claims(SID, exp=1), key=OTHER_SECRET))


GOOD = token(claims(SID))
BAD_TOKENS = [
    "",
    ".",
    "..",
    "a.b.c",
    "none",
    "fd_live_0123456789",
    "e30.e30.e30",
    unsigned(GOOD),
    GOOD.rpartition(".")[0],
    GOOD + "x",
    GOOD[:-2],
    GOOD + "." + GOOD,
    GOOD.replace(".", "..", 1),
    token(claims(SID), key=OTHER_SECRET),
    token(claims(SID), key=""),
    token(claims(SID), digest="sha512"),
    "\xff\xfe.\x00.\x00",
    "é" * 100,
    "a." * 50_000,
    "A" * 100_000 + "." + "B" * 100_000 + ".C",
]


@pytest.mark.parametrize("text", BAD_TOKENS, ids=range(len(BAD_TOKENS)))
def test_what_is_no_token_of_ours_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.read(text)


def test_a_new_secret_signs_and_the_one_before_is_read_while_it_is_listed() -> None:
    opened = session()
    before = JwtAccessTokens(SECRET, lifetime=600, wall=wall)
    during = JwtAccessTokens(OTHER_SECRET, lifetime=600, wall=wall, previous=[SECRET])
    after = JwtAccessTokens(OTHER_SECRET, lifetime=600, wall=wall)
    old, new = before.issue(opened), during.issue(opened)
    assert jwt.get_unverified_header(new)["kid"] == key_id(OTHER_SECRET) != key_id(SECRET)
    assert during.read(old) == during.read(new) == after.read(new) == opened.id
    for reader, refused in ((after, old), (before, new)):
        with pytest.raises(Unauthenticated):
            reader.read(refused)


def test_a_token_signed_with_one_secret_under_the_name_of_another_is_refused() -> None:
    during = JwtAccessTokens(OTHER_SECRET, lifetime=600, wall=wall, previous=[SECRET])
    assert during.read(token(claims(SID))) == SID
    for key, name in ((OTHER_SECRET, SECRET), (SECRET, OTHER_SECRET)):
        with pytest.raises(Unauthenticated):
            during.read(token(claims(SID), header={**GOOD_HEADER, "kid": key_id(name)}, key=key))


def test_the_same_session_and_instant_give_the_same_token() -> None:
    opened, noon = session(), datetime.now(UTC)
    assert TOKENS.issue(opened, at=noon) == TOKENS.issue(opened, at=noon)
    assert TOKENS.issue(opened, at=noon) != TOKENS.issue(opened, at=noon - timedelta(seconds=2))


def test_no_bit_of_a_token_can_be_changed() -> None:
    for at, character in enumerate(GOOD[:-1]):
        changed = GOOD[:at] + ("A" if character != "A" else "B") + GOOD[at + 1 :]
        with pytest.raises(Unauthenticated):
            TOKENS.read(changed)


def test_a_token_that_was_read_expires_all_the_same() -> None:
    """But for the seconds by which clocks may differ."""
    now = datetime.now(UTC)
    times = [now]
    tokens = JwtAccessTokens(SECRET, lifetime=600, wall=lambda: times[-1])
    issued = tokens.issue(session())
    for later in (0, 600, 604):
        times.append(now + timedelta(seconds=later))
        tokens.read(issued)
    times.append(now + timedelta(seconds=606))
    with pytest.raises(TokenExpired):
        tokens.read(issued)


@pytest.mark.parametrize("minutes", [-11, 11])
def test_times_are_the_wall_clock_s_whatever_the_machine_says(minutes: int) -> None:
    off = timedelta(minutes=minutes)
    elsewhere = JwtAccessTokens(SECRET, lifetime=600, wall=lambda: datetime.now(UTC) + off)
    issued = elsewhere.issue(session())
    elsewhere.read(issued)
    with pytest.raises(Unauthenticated if minutes > 0 else TokenExpired):
        TOKENS.read(issued)
