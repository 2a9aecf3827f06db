"""From settings to what the parts are made of."""

import zoneinfo
from importlib.metadata import version
from pathlib import Path

import msgspec

from domains.identity import SessionTerms
from domains.shared.limits import RateLimits
from frontdesk.databases import app_url
from frontdesk.keys import key_for
from frontdesk.refusal import Refusal
from frontdesk.secrets_file import read_or_make
from frontdesk.settings import Settings
from infra.passwords import OWASP, HashingCost
from infra.postgres.connections import PATIENCE
from infra.stripe.accounts import PlatformKeys

VERSION = version("frontdesk")


class Ingredients(msgspec.Struct, frozen=True, kw_only=True):
    """What the parts are made of: addresses, secrets and sizes. `token_lifetime` and `pool_patience` in seconds.

    `inner_allowed`: tenants' mail servers and calendars may stand in inner networks.
    """

    version: str
    database_url: str
    pool_size: int
    pool_patience: float = PATIENCE
    secret: str
    token_lifetime: int
    smtp_url: str
    mail_from: str
    sandbox_mail: Path
    data_keys: tuple[bytes, ...]
    stripe: PlatformKeys = PlatformKeys()
    inner_allowed: bool = False
    files: Path
    rate_limits: RateLimits = RateLimits.off()
    redis_url: str | None = None
    previous_secrets: tuple[str, ...] = ()
    session_terms: SessionTerms = SessionTerms()
    web_url: str = "http://localhost:8000"
    public_url: str = "http://localhost:8000"
    hashing_cost: HashingCost = OWASP


def ingredients_of(settings: Settings) -> Ingredients:
    """Raise `Refusal` where something needed is not set and has no stand-in.

    From here on, time zones are those of the pinned `tzdata`, whatever this machine has.
    """
    zoneinfo.reset_tzpath(to=())
    if settings.smtp_url is None:
        raise Refusal("SMTP_URL is not set, and only `frontdesk up` brings a mail server of its own.")
    return Ingredients(
        version=VERSION,
        database_url=app_url(settings),
        pool_size=settings.database_pool_size,
        secret=settings.jwt_secret or read_or_make(settings.data_dir).jwt_secret,
        token_lifetime=int(settings.jwt_lifetime.total_seconds()),
        smtp_url=settings.smtp_url,
        mail_from=settings.mail_from,
        sandbox_mail=settings.sandbox_mailbox,
        data_keys=data_keys_of(settings),
        stripe=settings.stripe,
        inner_allowed=not settings.is_production,
        files=settings.files_dir,
        rate_limits=settings.rate_limits,
        redis_url=settings.redis_url,
        previous_secrets=settings.jwt_previous_secrets,
        session_terms=settings.session_terms,
        web_url=settings.web_url,
        public_url=settings.public_url,
    )


def data_keys_of(settings: Settings) -> tuple[bytes, ...]:
    """What secrets are encrypted with at rest, the newest first."""
    return tuple(key_for("data", text) for text in settings.data_keys or (read_or_make(settings.data_dir).data_key,))
