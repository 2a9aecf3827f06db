"""Faults of invoices: what is due of them, given up of them, and made again and again."""

from tests.faults.source_faults import Edit, SourceFault

_MODEL = "src/domains/invoices/model.py"
_INVOICES = "tests/api/test_invoices.py"
_NOTES = "tests/api/test_credit_notes.py"
_CONVERTED = "tests/api/test_quotes_converted.py"
_DUNNING = "tests/workers/test_dunning.py"
_DEPOSITS = "tests/domains/invoices/test_deposits.py"
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
        "the link asks for all of it while a deposit is due",
        "src/domains/payments/collecting.py",
        "invoice.amount_asked if amount is None",
        "invoice.amount_due if amount is None",
        "tests/api/test_deposits.py::test_the_link_asks_for_the_deposit_and_then_for_the_rest",
    ),
    _fault(
        "a deposit is more than the total",
        "src/domains/billing/shares.py",
        "        if asked > amount and not capped:",
        "        if asked > LARGEST and not capped:",
        "tests/domains/billing/test_sums.py::test_thousands_of_documents_agree_with_the_model",
    ),
    _fault(
        "what is credited comes off the deposit",
        _MODEL,
        "max(0, self.deposit_amount - self.amount_paid)",
        "max(0, self.deposit_amount - self.amount_paid - self.amount_credited)",
        f"{_DEPOSITS}::test_what_is_credited_comes_off_the_rest_first",
    ),
    _fault(
        "a deposit that came late is overdue for ever",
        _MODEL,
        "if not self.is_overdue or (self.deposit_overdue and not self.deposit_due):",
        "if not self.is_overdue:",
        f"{_DEPOSITS}::test_a_deposit_that_comes_late_ends_what_is_late",
    ),
    _fault(
        "a deposit that went back is dunned",
        _MODEL,
        "if self.deposit_overdue or self.deposit_paid_at or not self.deposit_due:",
        "if self.deposit_overdue or not self.deposit_due:",
        f"{_DEPOSITS}::test_a_deposit_that_went_back_is_not_dunned",
    ),
    _fault(
        "who missed a deposit is never dunned for the rest",
        "src/domains/invoices/dunning.py",
        "            if invoice.deposit_overdue:\n",
        "            if invoice.deposit_overdue and invoice.is_paid:\n",
        f"{_DUNNING}::test_what_is_never_paid_is_dunned_for_its_deposit_and_then_for_all_of_it",
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
    _fault(
        "an erased customer's invoice is on paper for who has its link",
        "src/domains/invoices/printing.py",
        "            invoice.must_be_shown()\n",
        "",
        "tests/api/test_invoices.py::test_an_erased_customers_invoice_stays_without_its_words_and_its_link",
    ),
    _fault(
        "an offer that is over is on paper for who has its link",
        "src/domains/quotes/printing.py",
        "            await self.standing.must_hold(quote)\n",
        "",
        "tests/api/test_quotes_pdf.py::test_whoever_has_the_link_has_the_paper_while_the_offer_stands",
    ),
)
