"""Faults of invoices: what is due of them, given up of them, and made again and again."""

from tests.faults.source_faults import Edit, SourceFault

_MODEL = "src/domains/invoices/model.py"
_INVOICES = "tests/api/test_invoices.py"
_NOTES = "tests/api/test_credit_notes.py"
_CONVERTED = "tests/api/test_quotes_converted.py"
_DUNNING = "tests/workers/test_dunning.py"
_RECURRING = "tests/workers/test_recurring_invoices.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "more is taken than is due",
        _MODEL,
        "        if amount > self.amount_due:",
        "        if amount > self.total:",
        "tests/domains/invoices/test_money.py::test_no_more_than_is_due",
    ),
    _fault(
        "a refund has a paid invoice dunned",
        _MODEL,
        "            self.reopened_at = now\n",
        "            pass\n",
        "tests/domains/invoices/test_money.py::test_a_refund_alone_is_no_reason_to_dun",
    ),
    _fault(
        "what was paid in part is cancelled",
        _MODEL,
        "        if not self.is_open or self.amount_paid or self.amount_credited:",
        "        if not self.is_open:",
        f"{_INVOICES}::test_what_is_paid_is_not_due_and_not_cancelled",
    ),
    _fault(
        "options that nobody chose are charged",
        _MODEL,
        "tuple(map(_charged, filter(_counts, quote.items)))",
        "tuple(map(_charged, quote.items))",
        f"{_CONVERTED}::test_it_becomes_a_draft_that_comes_to_the_same",
    ),
    _fault(
        "a quote is charged twice",
        "src/domains/invoices/converting.py",
        "            if quote.invoice_id is not None:",
        "            if quote.invoice_id == quote.id:",
        f"{_CONVERTED}::test_of_twenty_who_convert_at_once_all_get_one_invoice",
    ),
    _fault(
        "a quote stays charged by a draft that is gone",
        "src/domains/invoices/drafting.py",
        "            if invoice.quote_id is not None:",
        "            if invoice.quote_id == invoice.id:",
        f"{_CONVERTED}::test_a_draft_that_is_deleted_makes_room_for_another",
    ),
    SourceFault(
        "more is credited than is due",
        (
            Edit(
                "src/domains/invoices/credit_notes.py",
                "    if amount > invoice.amount_due:",
                "    if amount > invoice.total * 2:",
            ),
            Edit(_MODEL, "        if amount > self.amount_due:", "        if amount > self.total * 2:"),
        ),
        f"{_NOTES}::test_no_more_than_is_due",
    ),
    _fault(
        "an item is credited twice",
        "src/domains/invoices/credit_notes.py",
        "        left[line.item_id] -= int(Decimal(line.quantity) * _THOUSAND)",
        "        left[line.item_id] -= 0",
        f"{_NOTES}::test_items_alone_come_to_what_they_were_charged",
    ),
    _fault(
        "what was settled is still dunned",
        "src/domains/invoices/dunning.py",
        "if invoice and invoice.is_overdue else None",
        "if invoice else None",
        f"{_DUNNING}::test_what_is_settled_is_neither_overdue_nor_reminded_of",
    ),
    _fault(
        "dates of a pause are made up for",
        "src/domains/invoices/recurrence.py",
        "        while self.next_on is not None and self.next_on < today:",
        "        while self.next_on is not None and self.next_on.year < 2000:",
        f"{_RECURRING}::test_dates_of_a_pause_are_left_out",
    ),
    _fault(
        "the 31st is lost in a short month",
        "src/domains/invoices/recurrence.py",
        "        return self.starts_on + _LENGTH[self.every] * (turn * self.interval)",
        "        last = self.next_on or self.starts_on\n"
        "        return last + _LENGTH[self.every] * self.interval if turn else self.starts_on",
        "tests/domains/invoices/test_recurrence.py::test_of_the_last_of_a_month_shorter_ones_have_their_last_day",
    ),
    _fault(
        "a search of invoices sees all tenants",
        "migrations/versions/0600_invoices.py",
        "where q.tenant_id = tenant and q.search_text like $1[1]",
        "where q.search_text like $1[1]",
        "tests/infra/postgres/test_quote_search.py::test_ids_of_the_bound_tenant_only",
    ),
)
