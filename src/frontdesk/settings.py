"""What an operator can set, by environment variable or in a file `.env`: `.env.example` lists all of it."""

import os
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

import msgspec
from dotenv import dotenv_values

from domains.identity import SessionTerms
from domains.shared.limits import RateLimits
from frontdesk.observing_settings import ObservingSettings
from frontdesk.rate_limits import limits_in
from frontdesk.refusal import Refusal
from frontdesk.session_settings import session_terms_in
from frontdesk.stripe_settings import stripe_keys_in
from frontdesk.variables import Network, Variables
from infra.stripe.accounts import PlatformKeys

_POSTGRES = ("postgresql", "postgres")
_MIN_JWT_SECRET = 32
_MIN_DATA_KEY = 32
_MIN_PASSWORD = 8
_OF_COMPOSE = frozenset({"ADMIN_DATABASE_PASSWORD", "DOMAIN", "REDIS_PASSWORD", "S3_ACCESS_KEY", "S3_SECRET_KEY"})
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Environment(StrEnum):
    """`production` brings its own Postgres, mail server and secrets, and answers behind TLS only."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"
    TEST = "test"


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings as given. What is None has a stand-in outside production.

    `database_url` is of the role `frontdesk_app`; `database_owner_url` of `frontdesk_owner`, `database_relay_url` of
    `frontdesk_relay`. Without the latter two, `database_url` may be an administrator's: see `frontdesk.databases`.
    `sandbox` says that stand-ins of providers run beside this process, and may be looked into at `/sandbox/*`.
    """

    environment: Environment
    host: str
    port: int
    drain_seconds: int
    data_dir: Path
    files_dir: Path
    database_url: str | None
    database_owner_url: str | None
    database_relay_url: str | None
    database_pool_size: int
    owner_database_password: str | None
    app_database_password: str | None
    relay_database_password: str | None
    jwt_secret: str | None
    jwt_previous_secrets: tuple[str, ...]
    jwt_lifetime: timedelta
    session_terms: SessionTerms
    data_keys: tuple[str, ...]
    smtp_url: str | None
    stripe: PlatformKeys
    mail_from: str
    public_url: str
    web_url: str
    cors_origins: tuple[str, ...]
    rate_limits: RateLimits
    redis_url: str | None
    trusted_proxies: tuple[Network, ...]
    log_level: LogLevel
    log_format: LogFormat
    sandbox: bool
    observing: ObservingSettings

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def postgres_folder(self) -> Path:
        """Where the embedded server keeps its data."""
        return self.data_dir / "postgres"

    @property
    def sandbox_mailbox(self) -> Path:
        """The Maildir of what the sandbox's mail server was given."""
        return self.data_dir / "sandbox" / "mail"

    @property
    def logs(self) -> Path:
        """Where `frontdesk up` keeps what its parts say."""
        return self.data_dir / "logs"

    @classmethod
    def load(cls, env: Mapping[str, str] = os.environ, *, file: Path = Path(".env")) -> Self:
        """Read `env`, which prevails, and `file` if it is there. Raise `Refusal`, a line for each wrong variable."""
        try:
            written = dotenv_values(file, interpolate=False) if file.is_file() else {}
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"The file {file} cannot be read: {error}.") from None
        variables = Variables({**written, **env})
        settings = cls._read(variables)
        variables.must_be_known(sorted(set(written) - _OF_COMPOSE))
        if settings.is_production:
            _check_production(settings, variables)
        if variables.problems:
            raise Refusal("\n".join(variables.problems))
        return settings

    @classmethod
    def _read(cls, of: Variables) -> Self:
        port = of.whole("PORT", 8000, low=1, high=65535)
        public_url = of.address("PUBLIC_URL", schemes=("https", "http")) or f"http://localhost:{port}"
        data_dir = Path(of.text("FRONTDESK_DATA_DIR") or ".data").expanduser().absolute()
        files_dir = Path(of.text("FILES_DIR") or data_dir / "files").expanduser().absolute()
        return cls(
            environment=of.choice("FRONTDESK_ENV", Environment.DEVELOPMENT),
            host=of.matching("HOST", "127.0.0.1", r"[A-Za-z0-9.:_-]{1,253}", "an IP address or a host name"),
            port=port,
            drain_seconds=of.whole("DRAIN_SECONDS", 3, low=0, high=10),
            data_dir=data_dir,
            files_dir=files_dir,
            database_url=of.address("DATABASE_URL", schemes=_POSTGRES),
            database_owner_url=of.address("DATABASE_OWNER_URL", schemes=_POSTGRES),
            database_relay_url=of.address("DATABASE_RELAY_URL", schemes=_POSTGRES),
            database_pool_size=of.whole("DATABASE_POOL_SIZE", 10, low=3, high=500),
            owner_database_password=of.secret("OWNER_DATABASE_PASSWORD", at_least=_MIN_PASSWORD),
            app_database_password=of.secret("APP_DATABASE_PASSWORD", at_least=_MIN_PASSWORD),
            relay_database_password=of.secret("RELAY_DATABASE_PASSWORD", at_least=_MIN_PASSWORD),
            jwt_secret=of.secret("JWT_SECRET", at_least=_MIN_JWT_SECRET),
            jwt_lifetime=of.duration("JWT_EXPIRES_IN", _HOUR, low=_MINUTE, high=24 * _HOUR),
            jwt_previous_secrets=of.secrets("JWT_PREVIOUS_SECRETS", at_least=_MIN_JWT_SECRET),
            session_terms=session_terms_in(of),
            data_keys=of.secrets("DATA_KEY", at_least=_MIN_DATA_KEY),
            smtp_url=of.address("SMTP_URL", schemes=("smtp", "smtps")),
            stripe=stripe_keys_in(of),
            mail_from=of.matching(
                "MAIL_FROM", "Frontdesk <frontdesk@localhost>", r"[^\r\n]*[^\s@<>]+@[^\s@<>]+>?", "an e-mail address"
            ),
            public_url=public_url.rstrip("/"),
            web_url=(of.address("WEB_URL", schemes=("https", "http")) or public_url).rstrip("/"),
            cors_origins=of.origins("CORS_ORIGINS"),
            rate_limits=limits_in(of) if of.choice("RATE_LIMITS", Switch.ON) is Switch.ON else RateLimits.off(),
            redis_url=of.address("REDIS_URL", schemes=("redis", "rediss")),
            trusted_proxies=of.networks("TRUSTED_PROXIES"),
            log_level=of.choice("LOG_LEVEL", LogLevel.INFO),
            log_format=of.choice("LOG_FORMAT", LogFormat.CONSOLE),
            sandbox=of.choice("FRONTDESK_SANDBOX", Switch.OFF) is Switch.ON,
            observing=ObservingSettings.read(of),
        )


def _check_production(settings: Settings, variables: Variables) -> None:
    needed = {
        "DATABASE_URL": settings.database_url,
        "JWT_SECRET": settings.jwt_secret,
        "DATA_KEY": settings.data_keys or None,
        "SMTP_URL": settings.smtp_url,
        "MAIL_FROM": variables.text("MAIL_FROM"),
        "PUBLIC_URL": variables.text("PUBLIC_URL"),
    }
    for name, value in needed.items():
        if value is None:
            variables.wrong(name, "must be set when FRONTDESK_ENV is production")
    if settings.stripe.address or (settings.stripe.secret_key or "").startswith(("sk_test_", "rk_test_")):
        variables.wrong("STRIPE_SECRET_KEY", "must be a live key of Stripe's own when FRONTDESK_ENV is production")
    if settings.sandbox:
        variables.wrong("FRONTDESK_SANDBOX", "must be off when FRONTDESK_ENV is production")
    if settings.rate_limits.is_off:
        variables.wrong("RATE_LIMITS", "must be on when FRONTDESK_ENV is production")
    if variables.text("PUBLIC_URL") and not settings.public_url.startswith("https://"):
        variables.wrong("PUBLIC_URL", "must begin with https:// when FRONTDESK_ENV is production")
