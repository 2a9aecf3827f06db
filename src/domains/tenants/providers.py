"""What a business connects to, and what each connection needs."""

from enum import StrEnum
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from msgspec import UNSET, Meta, UnsetType

from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import FieldError, ValidationFailed, together
from domains.shared.fields import ONE_LINE, EmailText, Line, PhoneText
from domains.shared.wire import Command

SecretText = Annotated[
    str, Meta(min_length=8, max_length=500, pattern=r"^[\x21-\x7e]+$(?!\n)", examples=["k-12345678"])
]
Secret = SecretText | UnsetType | None
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9._:/@-]+$(?!\n)", examples=["id-1"])]
StripePublic = Annotated[
    str, Meta(max_length=255, pattern=r"^pk_(test|live)_[A-Za-z0-9]{8,240}$(?!\n)", examples=["pk_test_12345678"])
]
StripeSecret = Annotated[
    str, Meta(max_length=255, pattern=r"^(sk|rk)_(test|live)_[A-Za-z0-9]{8,240}$(?!\n)", examples=["sk_test_12345678"])
]
StripeSigning = Annotated[
    str, Meta(max_length=255, pattern=r"^whsec_[A-Za-z0-9+/=]{8,240}$(?!\n)", examples=["whsec_12345678"])
]
_HOST = r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$(?!\n)"


SettingName = Annotated[str, Meta(max_length=50, examples=["host"])]
SettingText = Annotated[str, Meta(max_length=500)]
SettingValue = SettingText | int | list[SettingText]


class Provider(StrEnum):
    """Vendors, and kinds of them."""

    AI = "ai"
    GOOGLE = "google"
    SMTP = "smtp"
    STRIPE = "stripe"
    TRANSLATION = "translation"
    TWILIO = "twilio"
    VAPI = "vapi"


class Connect(Command, frozen=True):
    """What to connect with. It replaces what was there; a secret that is absent stays, `null` removes it."""

    provider: ClassVar[Provider]
    secrets: ClassVar[frozenset[str]]
    required: ClassVar[frozenset[str]]
    whereto: ClassVar[frozenset[str]] = frozenset()
    """The settings that say to whom secrets are shown, where the business chooses that."""

    enabled: bool = True

    def public(self) -> dict[str, Any]:
        """What may be shown, by its name on the wire. `ValidationFailed` for what is no address or number."""
        names = [name for name in self.__struct_fields__ if name != "enabled" and name not in self.secrets]
        given = {_camel(name): getattr(self, name) for name in names if getattr(self, name) not in (None, ())}
        kept = together(*(partial(_kept, name, value) for name, value in given.items()))
        return dict(zip(given, kept, strict=True))

    def secret(self, present: dict[str, str], *, settings: dict[str, SettingValue]) -> dict[str, str]:
        """What is kept locked: what is there, as far as it is not given anew. `ValidationFailed` if one is missing.

        With another server than in the present `settings`, all are to be given anew: who changes it need not know them.
        """
        moved = any(settings.get(_camel(name)) != getattr(self, name) for name in self.whereto)
        given = {_camel(name): getattr(self, name) for name in self.secrets}
        absent = {name for name, value in given.items() if value is UNSET}
        kept = {name: (None if moved else present.get(name)) if name in absent else given[name] for name in given}
        needed = {_camel(name) for name in self.required} | (absent & present.keys() if moved else set())
        missing = sorted(name for name in needed if not kept[name])
        if missing:
            raise ValidationFailed.all_of([FieldError(name, "required", "It is needed.") for name in missing])
        return {name: value for name, value in kept.items() if value}


class ConnectAi(Connect, frozen=True, kw_only=True):
    """A model that answers for the business."""

    provider = Provider.AI
    secrets = frozenset({"api_key"})
    required = frozenset({"api_key"})

    engine: Literal["anthropic", "openai"]
    api_key: Secret = UNSET
    model: Name | None = None


class ConnectGoogle(Connect, frozen=True, kw_only=True):
    """Sign-in with Google: an OAuth client."""

    provider = Provider.GOOGLE
    secrets = frozenset({"client_secret"})
    required = frozenset({"client_secret"})

    client_id: Name
    client_secret: Secret = UNSET


class ConnectSmtp(Connect, frozen=True, kw_only=True):
    """A mail server of the business's own. `security` is how TLS begins; there is none without it.

    With another host, port or security, the password is to be given again.
    """

    provider = Provider.SMTP
    secrets = frozenset({"password"})
    required = frozenset[str]()
    whereto = frozenset({"host", "port", "security"})

    host: Annotated[str, Meta(min_length=1, max_length=253, pattern=_HOST, examples=["mail.example.com"])]
    port: Literal[25, 465, 587, 2525] = 587
    security: Literal["starttls", "tls"] = "starttls"
    username: Annotated[Line, Meta(examples=["desk"])] | None = None
    password: Secret = UNSET
    from_address: EmailText
    from_name: Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE, examples=["Harbor"])] | None = None


class ConnectStripe(Connect, frozen=True, kw_only=True):
    """Card payments."""

    provider = Provider.STRIPE
    secrets = frozenset({"secret_key", "webhook_secret"})
    required = frozenset({"secret_key"})

    publishable_key: StripePublic
    secret_key: StripeSecret | UnsetType | None = UNSET
    webhook_secret: StripeSigning | UnsetType | None = UNSET


class ConnectTranslation(Connect, frozen=True, kw_only=True):
    """Machine translation. Where a server of one's own stands is the operator's to say, not the tenant's."""

    provider = Provider.TRANSLATION
    secrets = frozenset({"api_key"})
    required = frozenset({"api_key"})

    engine: Literal["deepl", "libretranslate"]
    api_key: Secret = UNSET


class ConnectTwilio(Connect, frozen=True, kw_only=True):
    """Text messages."""

    provider = Provider.TWILIO
    secrets = frozenset({"auth_token"})
    required = frozenset({"auth_token"})

    account_sid: Annotated[str, Meta(max_length=34, pattern=r"^AC[0-9a-f]{32}$(?!\n)", examples=["AC" + "0" * 32])]
    auth_token: Secret = UNSET
    messaging_service_sid: (
        Annotated[str, Meta(max_length=34, pattern=r"^MG[0-9a-f]{32}$(?!\n)", examples=["MG" + "0" * 32])] | None
    ) = None
    from_numbers: Annotated[tuple[PhoneText, ...], Meta(max_length=10)] = ()


class ConnectVapi(Connect, frozen=True, kw_only=True):
    """Calls answered by a voice agent."""

    provider = Provider.VAPI
    secrets = frozenset({"api_key", "webhook_secret"})
    required = frozenset({"api_key"})

    api_key: Secret = UNSET
    webhook_secret: Secret = UNSET
    assistant_id: Name | None = None
    phone_number_id: Name | None = None


def _kept(name: str, value: Any) -> Any:
    if name == "fromAddress":
        return EmailAddress.parse(value, name).value
    if name == "fromNumbers":
        return [PhoneNumber.parse(each, f"{name}[{at}]", region=None).value for at, each in enumerate(value)]
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)
