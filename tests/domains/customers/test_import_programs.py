"""Files as other programs write them, row by row."""

import pytest

from domains.customers import Customer
from domains.customers.importing.columns import Columns
from domains.customers.importing.countries import country
from domains.customers.importing.model import Row
from domains.customers.importing.reading import Described, RowReader
from infra.clock import StoppedClock
from tests.support.fakes import NOON


def read(cells: dict[str, str]) -> Customer:
    reader = RowReader(Columns.of(list(cells)), region=None, clock=StoppedClock(NOON))
    found = reader.read(Row(2, list(cells.values())))
    assert isinstance(found, Described), found
    return found.customer


def test_google_puts_several_values_and_lines_into_a_cell() -> None:
    ada = read(
        {
            "First Name": "Ada",
            "Last Name": "Byron",
            "Labels": "vip ::: home",
            "E-mail 1 - Value": "ada@example.com ::: byron@example.com",
            "Phone 1 - Value": "+1 212-555-0101 ::: +1 212-555-0102",
            "Address 1 - Formatted": "12 Way\nNew York, NY 10001",
            "Address 1 - Country": "US",
        }
    )
    assert (ada.name, ada.tags, ada.emails) == (
        "Ada Byron", ("vip", "home"), ("ada@example.com", "byron@example.com"),
    )  # fmt: skip
    assert ada.phones == ("+12125550101", "+12125550102")
    assert [(each.street, each.country) for each in ada.addresses] == [("12 Way, New York, NY 10001", "US")]


def test_outlook_has_an_address_for_each_purpose_and_countries_by_name() -> None:
    ada = read(
        {
            "First Name": "Ada",
            "Last Name": "Byron",
            "Business Street": "1 Works Road",
            "Business Country/Region": "United States of America",
            "Home Street": "4 Row",
            "Home City": "London",
            "Home Country/Region": "United Kingdom",
            "Other City": "",
            "Primary Phone": "+1 212 555 0101",
        }
    )
    assert [(each.street, each.city, each.country) for each in ada.addresses] == [
        ("4 Row", "London", "GB"), ("1 Works Road", None, "US"),
    ]  # fmt: skip
    assert ada.phones == ("+12125550101",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("us", "US"), ("USA", "US"), ("U.S.A.", "US"), ("UK", "GB"), ("Deutschland", "DE"), ("espana", "ES"),
        ("Alemania", "DE"), ("Côte d'Ivoire", "CI"), ("Turkey", "TR"), ("ZZ", "ZZ"), ("Nowhere", "Nowhere"),
        ("European Union", "European Union"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_by_name(text: str, code: str) -> None:
    assert country(text) == code
