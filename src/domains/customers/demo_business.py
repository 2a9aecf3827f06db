"""What a plumber's business in New York has written down about 2,000 customers in a year and a half.

The same seed makes the same business. Nobody real is in it: telephone numbers and domains are those kept for fiction.
"""

from collections.abc import Iterator
from random import Random

import msgspec

from domains.customers import demo_words as words
from domains.customers.model import ChangeCustomer, CreateCustomer
from domains.shared.postal import PostalAddress

SEED = 1906
CUSTOMERS = 2_000
DAYS = 540
_NUMBERS_OF_AN_AREA = 100


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about a customer, so many days before today: noted, changed or archived."""

    days_ago: float
    note: str | None = None
    change: ChangeCustomer | None = None
    archived: bool = False


class DemoCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer who came so many days before today, and what happened later, in its order."""

    days_ago: float
    order: CreateCustomer
    later: tuple[Happening, ...]


def demo_customers(seed: int = SEED) -> list[DemoCustomer]:
    """All of them, the first who came first."""
    chance = Random(seed)  # noqa: S311 - the same customers each time
    came = sorted((DAYS * chance.random() ** 1.4 + 1 for _ in range(CUSTOMERS)), reverse=True)
    return [_customer(number, days_ago, chance) for number, days_ago in enumerate(came)]


def _customer(number: int, days_ago: float, chance: Random) -> DemoCustomer:
    people = chance.choices(words.PEOPLE, [each.share for each in words.PEOPLE])[0]
    first, last = chance.choice(people.first), chance.choice(people.last)
    company = _company(last, chance) if chance.random() < words.COMPANIES_SHARE else None
    is_named = company is None or chance.random() < words.NAMED_SHARE
    order = CreateCustomer(
        name=f"{first} {last}" if is_named else None,
        company=company,
        emails=tuple(_emails(number, first, last, company, chance)),
        phones=tuple(_phones(number, people.language, chance)),
        addresses=tuple(_addresses(people.language, chance)),
        tags=tuple(
            sorted({"commercial" if company else "residential", *chance.sample(words.TAGS, chance.randrange(3))})
        ),
        notes=chance.choice(words.NOTES) if chance.random() < words.NOTES_SHARE else None,
        preferred_language=people.language,
        source=chance.choices(words.SOURCES, words.SOURCE_SHARES)[0],
        custom=_custom(chance),
    )
    return DemoCustomer(days_ago=days_ago, order=order, later=tuple(_later(order, days_ago, chance)))


def _company(last: str, chance: Random) -> str:
    return chance.choice(words.COMPANIES).format(last=last, place=chance.choice(words.QUARTERS)[0])


def _emails(number: int, first: str, last: str, company: str | None, chance: Random) -> Iterator[str]:
    """One a customer can be told apart by, and sometimes the company's."""
    yield f"{_ascii(first)}.{_ascii(last)}.{number}@customers.example"
    if company and chance.random() < words.SECOND_SHARE:
        yield f"office@{_ascii(company)}.example"


def _phones(number: int, language: str, chance: Random) -> Iterator[str]:
    """The numbers 555-0100 to 555-0199 of each American area, and British mobiles from 7700 900000 on, are nobody's."""
    area = words.AREAS[number // _NUMBERS_OF_AN_AREA]
    yield f"+1{area}55501{number % _NUMBERS_OF_AN_AREA:02d}"
    if language == "en" and chance.random() < words.SECOND_SHARE:
        yield f"+447700900{number % 1000:03d}"


def _addresses(language: str, chance: Random) -> Iterator[PostalAddress]:
    quarter, zip_code = chance.choice(words.QUARTERS)
    street = f"{chance.randrange(1, 900)} {chance.choice(words.STREETS)}"
    yield PostalAddress(street=street, city=quarter, state="NY", zip_code=zip_code, country="US")
    if chance.random() < words.SECOND_SHARE:
        home = chance.choice(words.HOMES[language])
        number = chance.randrange(1, 120)
        yield PostalAddress(
            street=home.street.format(number=number), city=home.city, zip_code=home.zip_code, country=home.country
        )


def _custom(chance: Random) -> dict[str, str | int | float | bool | None]:
    found: dict[str, str | int | float | bool | None] = {}
    if chance.random() < words.CODES_SHARE:
        found["gateCode"] = f"{chance.randrange(10_000):04d}"
    if chance.random() < words.BOILERS_SHARE:
        found["boiler"] = chance.choice(words.BOILERS)
        found["boilerYear"] = chance.randrange(1988, 2026)
    if chance.random() < words.CONTRACTS_SHARE:
        found["serviceContract"] = True
    return found


def _later(order: CreateCustomer, days_ago: float, chance: Random) -> Iterator[Happening]:
    notes = chance.choices((0, 1, 2, 4), (70, 18, 9, 3))[0]
    times = sorted((days_ago * chance.random() for _ in range(notes + 2)), reverse=True)
    for at in times[:notes]:
        yield Happening(days_ago=at, note=chance.choice(words.HAPPENED))
    if chance.random() < words.CHANGED_SHARE:
        tags = tuple(sorted({*order.tags, chance.choice(words.TAGS)}))
        yield Happening(days_ago=times[-2], change=ChangeCustomer(tags=tags))
    if chance.random() < words.ARCHIVED_SHARE:
        yield Happening(days_ago=times[-1], archived=True)


def _ascii(text: str) -> str:
    plain = text.lower().translate(words.PLAIN)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())
