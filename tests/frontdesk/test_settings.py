"""Settings: every wrong variable is named, none is quoted that may bear a secret."""

import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from domains.identity import SessionTerms
from domains.shared.limits import DEFAULT_RATES, LimitName, Rate
from frontdesk.rate_limits import variable_of
from frontdesk.refusal import Refusal
from frontdesk.settings import Environment, LogFormat, LogLevel, Settings

NO_FILE = Path("no such file")
EXAMPLE = Path(__file__).parents[2] / ".env.example"
PRODUCTION = {
    "FRONTDESK_ENV": "production",
    "DATABASE_URL": "postgresql://frontdesk_app:pw@db/frontdesk",
    "JWT_SECRET": "s" * 32,
    "DATA_KEY": "d" * 32,
    "SMTP_URL": "smtps://user:pw@mail.example.com",
    "MAIL_FROM": "Frontdesk <hello@example.com>",
    "PUBLIC_URL": "https://desk.example.com/",
}


def load(**variables: str) -> Settings:
    return Settings.load(variables, file=NO_FILE)


def test_nothing_need_be_set() -> None:
    settings = load()
    assert settings.environment is Environment.DEVELOPMENT
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://localhost:8000")
    assert settings.data_dir == Path.cwd() / ".data"
    assert settings.database_url is None
    assert settings.jwt_lifetime == timedelta(hours=1)
    assert (settings.log_level, settings.log_format) == (LogLevel.INFO, LogFormat.CONSOLE)
    assert not settings.sandbox


def test_what_is_set_counts() -> None:
    settings = load(
        PORT="9000", JWT_EXPIRES_IN="15m", CORS_ORIGINS="https://a.example, http://b.example:3000", WEB_URL=""
    )
    assert settings.port == 9000
    assert settings.public_url == settings.web_url == "http://localhost:9000"
    assert settings.jwt_lifetime == timedelta(minutes=15)
    assert settings.cors_origins == ("https://a.example", "http://b.example:3000")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FRONTDESK_ENV", "staging"),
        ("HOST", "not a host"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "\uff18\uff10\uff10\uff10"),
        ("DATABASE_URL", "mysql://root@db/x"),
        ("DATABASE_OWNER_URL", "postgresql:///nowhere"),
        ("DATABASE_RELAY_URL", "postgresql://u@h:port/x"),
        ("DATABASE_POOL_SIZE", "-1"),
        ("OWNER_DATABASE_PASSWORD", "short"),
        ("APP_DATABASE_PASSWORD", "short"),
        ("RELAY_DATABASE_PASSWORD", "short"),
        ("JWT_SECRET", "too short"),
        ("JWT_PREVIOUS_SECRETS", "too short"),
        ("JWT_PREVIOUS_SECRETS", f"{'x' * 32},too short"),
        ("DATA_KEY", "too short"),
        ("DATA_KEY", "long enough for all that it is to do,too short"),
        ("JWT_EXPIRES_IN", "1 fortnight"),
        ("JWT_EXPIRES_IN", "10s"),
        ("REFRESH_EXPIRES_IN", "1m"),
        ("REFRESH_REMEMBERED_EXPIRES_IN", "366d"),
        ("SESSION_EXPIRES_IN", "for ever"),
        ("SESSIONS_PER_ACCOUNT", "0"),
        ("SMTP_URL", "https://mail"),
        ("MAIL_FROM", "nobody"),
        ("PUBLIC_URL", "localhost"),
        ("WEB_URL", "ftp://web"),
        ("CORS_ORIGINS", "https://a.example/path"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("FRONTDESK_SANDBOX", "perhaps"),
        ("RATE_LIMITS", "maybe"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "https://redis"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("TRUSTED_PROXIES", "proxy.example.com"),
        ("TRUSTED_PROXIES", "10.0.0.1, 10.0.0.256"),
        ("RATE_LIMIT_CALLER", "100"),
        ("RATE_LIMIT_CALLER", "0/1m"),
        ("RATE_LIMIT_CALLER", "100/0s"),
        ("RATE_LIMIT_CALLER", "100/2d"),
        ("RATE_LIMIT_CALLER", "100/1m,"),
        ("RATE_LIMIT_CALLER", "100/1m,1000/60s"),
        ("RATE_LIMIT_CALLER", "-1/1m"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(**{name: value})
    line = str(refused.value)
    assert line.startswith((f"{name} must be ", f"{name} must have "))
    assert "\n" not in line
    if name.endswith(("_PASSWORD", "_SECRET", "_SECRETS", "DATABASE_URL", "OWNER_URL", "RELAY_URL", "SMTP_URL")):
        assert value not in line


def test_the_shortest_and_the_longest_are_told_as_they_are_written() -> None:
    with pytest.raises(Refusal) as refused:
        load(JWT_EXPIRES_IN="10s", REFRESH_EXPIRES_IN="1m")
    assert [line.partition(", from ")[2] for line in str(refused.value).splitlines()] == [
        "1m to 1d, not '10s'.",
        "1h to 365d, not '1m'.",
    ]


def test_all_wrong_variables_are_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        load(PORT="x", LOG_LEVEL="y")
    assert [line.split()[0] for line in str(refused.value).splitlines()] == ["PORT", "LOG_LEVEL"]


def test_the_file_is_read_and_the_environment_prevails(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=9001\nJWT_SECRET='pa$$word ${HOME} which is long enough'\nDATABASE_URL=postgresql://a@b/c\n")
    settings = Settings.load({"PORT": "9002", "DATABASE_URL": ""}, file=file)
    assert settings.port == 9002
    assert settings.jwt_secret == "pa$$word ${HOME} which is long enough"
    assert settings.database_url is None


def test_a_name_in_the_file_that_is_nearly_a_setting_was_meant_to_be_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PROT=9001\nRATE_LIMIT_CALER=1/1s\nCOMPOSE_PROJECT_NAME=desk\nPGPASSWORD=x\nSMTP_PORT=25\n")
    with pytest.raises(Refusal) as refused:
        Settings.load({"PROT": "9001"}, file=file)
    said = str(refused.value).splitlines()
    assert said == ["PROT is no setting, PORT is one.", "RATE_LIMIT_CALER is no setting, RATE_LIMIT_CALLER is one."]
    assert Settings.load({"PROT": "9001"}, file=NO_FILE).port == 8000


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"PORT=\xff\xfe")
    with pytest.raises(Refusal, match=re.escape(str(file))):
        Settings.load({}, file=file)


def test_production_with_all_it_needs() -> None:
    assert load(**PRODUCTION).is_production


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "FRONTDESK_ENV"])
def test_production_runs_on_no_stand_in(name: str) -> None:
    with pytest.raises(Refusal, match=f"^{name} must be set when FRONTDESK_ENV is production"):
        load(**{**PRODUCTION, name: ""})


@pytest.mark.parametrize(
    ("name", "value"), [("PUBLIC_URL", "http://desk.example.com"), ("FRONTDESK_SANDBOX", "on"), ("RATE_LIMITS", "off")]
)
def test_production_refuses_what_is_for_development(name: str, value: str) -> None:
    with pytest.raises(Refusal, match=f"^{name} must"):
        load(**{**PRODUCTION, name: value})


def test_limits_are_the_usual_ones_and_those_that_are_set() -> None:
    assert load().rate_limits.rates == dict(DEFAULT_RATES)
    assert load(RATE_LIMITS="off").rate_limits.is_off
    rates = load(RATE_LIMIT_AUTH="7/90s", RATE_LIMIT_CALLER=" 10/1s , 200/1h ").rate_limits.rates
    assert rates[LimitName.AUTH] == (Rate(7, 90),)
    assert rates[LimitName.CALLER] == (Rate(10, 1), Rate(200, 3600))
    assert rates[LimitName.LOGIN] == DEFAULT_RATES[LimitName.LOGIN]


def test_sessions_last_as_long_as_is_set() -> None:
    assert load().session_terms == SessionTerms()
    found = load(REFRESH_EXPIRES_IN="8h", REFRESH_REMEMBERED_EXPIRES_IN="7d", SESSIONS_PER_ACCOUNT="3").session_terms
    assert (found.idle, found.remembered, found.most) == (timedelta(hours=8), timedelta(days=7), 3)
    assert found.longest == SessionTerms().longest == timedelta(days=90)


def test_former_secrets_are_listed() -> None:
    assert load().jwt_previous_secrets == ()
    assert load(JWT_PREVIOUS_SECRETS=f"{'a' * 32}, {'b' * 32}").jwt_previous_secrets == ("a" * 32, "b" * 32)


def test_nobody_is_a_trusted_proxy_unless_named() -> None:
    assert load().trusted_proxies == ()
    named = load(TRUSTED_PROXIES="10.0.0.0/8, 2001:db8::1").trusted_proxies
    assert named == (ip_network("10.0.0.0/8"), ip_network("2001:db8::1/128"))


def test_the_example_is_valid_and_complete() -> None:
    """It holds the defaults, and every variable that the code reads."""
    assert Settings.load({}, file=EXAMPLE) == load()
    files = (Path(__file__).parents[2] / "src" / "frontdesk").glob("*settings.py")
    source = "".join(file.read_text() for file in files)
    read = set(re.findall(r'of\.[a-z]+\(\s*"([A-Z_]+)"', source)) | {variable_of(name) for name in LimitName}
    assert len(read) > 60
    assert read <= set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))
