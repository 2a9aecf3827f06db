"""From settings to what the parts are made of."""

import zoneinfo
from importlib.metadata import version

from frontdesk.container import Ingredients
from frontdesk.databases import app_url
from frontdesk.refusal import Refusal
from frontdesk.secrets_file import read_or_make
from frontdesk.settings import Settings

VERSION = version("frontdesk")


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
    )
