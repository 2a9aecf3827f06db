"""Words for each letter, as its sender gives them, and the pages that come of them, to be looked at."""

import sys
from pathlib import Path

from domains.shared.languages import LANGUAGES
from tests.support.letters import RENDERING, letter

_TOKEN = "kTc0vSb2Jr1dY3WkzH1c6mQmYzqfYvN7o0aU4m3pX9E"
_WEB = "https://app.frontdesk.example"
_PERSON = {"displayName": "Begoña Ibáñez"}
_TENANT = {"tenantName": "Clínica Dental Peñalver"}
_BOTH = {**_PERSON, **_TENANT}
_SUSPENDED = {**_BOTH, "reason": "Ya no trabaja con nosotros desde el 1 de noviembre"}
_CONFIRM = {"link": f"{_WEB}/confirm-email-change#token={_TOKEN}"}
_INVITATION = {"inviterName": "Grace Hopper", "link": f"{_WEB}/invitation#token={_TOKEN}"}
_QUOTE = {
    "number": "Q-2026-00017",
    "total": "1250050",
    "currency": "EUR",
    "validUntil": "2026-12-21",
    "deposit": "50000",
    "revision": "2",
}
_INVOICE = {
    "number": "INV-2026-00017",
    "total": "1250050",
    "amountDue": "50050",
    "currency": "EUR",
    "dueDate": "2026-12-21",
    "depositDue": "30000",
    "depositDueDate": "2026-12-01",
    "rest": "20050",
}
_STOP = {"stop": f"{_WEB}/stop-email-change#token={_TOKEN}"}
_BOOKING = {"link": f"{_WEB}/booking#token={_TOKEN}"}
_VISIT = {
    **_TENANT,
    "customerName": "Begoña Ibáñez",
    "title": "Revisión de la caldera",
    "startsAt": "2026-11-23T14:00:00.000Z",
    "timezone": "America/New_York",
    "location": "12 Analytical Way",
}

WORDS: dict[str, dict[str, str]] = {
    "alert": {"text": "error_rate raised in api: 7 %", "since": "2026-11-21T09:30:00.000Z"},
    "appointment_booked": {**_VISIT, **_BOOKING},
    "appointment_cancelled": {**_VISIT, **_BOOKING},
    "appointment_moved": {**_VISIT, **_BOOKING},
    "appointment_reminder": _VISIT,
    "email_change_new": {"oldEmail": "begona@clinica.example", **_CONFIRM},
    "email_change_old": {"newEmail": "begona.ibanez@example.org", **_CONFIRM, **_STOP},
    "email_change_taken": {},
    "invitation": {**_TENANT, **_INVITATION, "role": "staff"},
    "invoice_reminder": {**_BOTH, **_INVOICE, "link": f"{_WEB}/invoice#token={_TOKEN}"},
    "invoice_sent": {**_BOTH, **_INVOICE, "link": f"{_WEB}/invoice#token={_TOKEN}"},
    "joined": {**_BOTH, "link": f"{_WEB}/login"},
    "known_address": _BOTH,
    "password_changed": _PERSON,
    "password_reset": {**_PERSON, "link": f"{_WEB}/reset-password#token={_TOKEN}"},
    "payment_receipt": {
        **_BOTH,
        "number": "I-2026-00001",
        "total": "12500",
        "amountDue": "500",
        "unapplied": "700",
        "currency": "USD",
    },
    "quote_sent": {**_BOTH, **_QUOTE, "link": f"{_WEB}/quote#token={_TOKEN}"},
    "tenant_closed": {**_BOTH, "deletesAt": "2026-12-21T23:30:00.000Z"},
    "tenant_deleted": {**_BOTH, "tenantId": "0193a1f2-7c40-7d2e-9a51-3f2f8e6d1c07"},
    "tenant_reopened": _BOTH,
    "two_factor_changed": _PERSON,
    "user_activated": {**_SUSPENDED, "reason": ""},
    "user_suspended": _SUSPENDED,
    "waiting_list_offer": {
        **_VISIT,
        "expiresAt": "2026-11-22T16:00:00.000Z",
        "link": f"{_WEB}/waiting-list#token={_TOKEN}",
    },
    "verification_code": {**_BOTH, "code": "482913"},
}

WRITTEN_BY_PEOPLE = (
    "customerName",
    "displayName",
    "inviterName",
    "location",
    "newEmail",
    "oldEmail",
    "reason",
    "tenantName",
    "title",
)
HOSTILE = {
    "html": "</p></td><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;",
    "long": "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" + "W" * 27,
    "right to left": "מרפאת השיניים של נועה 24",
    "template": "{{ 7 * 7 }}{% raw %}%(code)s%s",
    "turned": "Harbor \u202e54321 gnibmulP\u2067",
}


def hostile(template: str, kind: str) -> dict[str, str]:
    """The letter's words, with a hostile one wherever a person wrote it."""
    return {name: HOSTILE[kind] if name in WRITTEN_BY_PEOPLE else word for name, word in WORDS[template].items()}


def main(folder: Path) -> None:
    """Write every letter's page and text, in every language, with its own words and with hostile ones."""
    for language in LANGUAGES:
        for template, words in WORDS.items():
            for kind, given in {"": words, **{kind: hostile(template, kind) for kind in HOSTILE}}.items():
                shown = RENDERING.render(letter(template, language=language, timezone="Europe/Madrid", **given))
                name = "-".join(filter(None, (template, language, kind.replace(" ", "_"))))
                (folder / f"{name}.html").write_text(shown.page)
                (folder / f"{name}.txt").write_text(f"Subject: {shown.subject}\n\n{shown.text}")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    main(target)
