"""The dates of what is charged again and again."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domains.billing import WantedItem
from domains.billing.defaults import DocumentDefaults
from domains.invoices import CreateRecurringInvoice, RecurringInvoice
from domains.invoices.recurrence import Period
from domains.shared.ids import new_id
from domains.tenants import Invoicing, Numbering

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
DEFAULTS = DocumentDefaults(
    business="Harbor", currency="USD", zone=NEW_YORK, tax_rates=(), numbering=Numbering(), invoicing=Invoicing()
)


def planned(**fields: object) -> RecurringInvoice:
    given = {"customer_id": new_id(), "items": (WantedItem(description="x", unit_price=1),), **fields}
    return RecurringInvoice.draft(CreateRecurringInvoice(**given), DEFAULTS, now=NOW)  # type: ignore[arg-type]  # fields by name, as a test gives them


CASES = [
    (Period.MONTH, 1, "2026-01-31", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
    (Period.MONTH, 1, "2027-12-30", ["2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30"]),
    (Period.QUARTER, 1, "2026-11-30", ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]),
    (Period.YEAR, 1, "2028-02-29", ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
    (Period.WEEK, 2, "2026-01-31", ["2026-01-31", "2026-02-14", "2026-02-28", "2026-03-14", "2026-03-28"]),
]


@pytest.mark.parametrize(("every", "interval", "first", "dates"), CASES)
def test_of_the_last_of_a_month_shorter_ones_have_their_last_day(
    every: Period, interval: int, first: str, dates: list[str]
) -> None:
    plan = planned(every=every, interval=interval, starts_on=date.fromisoformat(first))
    assert [day.isoformat() for day in plan.upcoming] == dates
    for day in dates[:-1]:
        assert plan.next_on == date.fromisoformat(day)
        assert plan.invoice(new_id(), now=NOW).period == date.fromisoformat(day)
    assert plan.next_on == date.fromisoformat(dates[-1])


def test_a_day_begins_when_it_does_for_the_business() -> None:
    plan = planned(every=Period.MONTH, starts_on=date(2026, 3, 8))
    assert plan.starts_at(NEW_YORK) == datetime(2026, 3, 8, 5, tzinfo=UTC)
    plan.invoice(new_id(), now=NOW)
    assert plan.starts_at(NEW_YORK) == datetime(2026, 4, 8, 4, tzinfo=UTC)


def test_dates_that_went_by_in_a_pause_are_left_out_and_the_day_of_the_month_stays() -> None:
    plan = planned(every=Period.MONTH, starts_on=date(2026, 1, 31))
    plan.pause(now=NOW)
    plan.resume(now=NOW, today=date(2026, 3, 1))
    assert plan.next_on == date(2026, 3, 31)


def test_it_ends_after_its_last_day() -> None:
    plan = planned(every=Period.MONTH, starts_on=date(2026, 1, 31), ends_on=date(2026, 2, 28))
    assert len(plan.upcoming) == 2
    plan.invoice(new_id(), now=NOW)
    plan.invoice(new_id(), now=NOW)
    assert (plan.next_on, plan.upcoming, plan.is_active) == (None, (), False)
