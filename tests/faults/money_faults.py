"""Faults of money: what documents come to, and how they are numbered, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_SUMS = "src/domains/billing/sums.py"
_MODEL = "tests/domains/billing/test_sums.py::test_thousands_of_documents_agree_with_the_model"
_STATUS = "tests/api/test_quotes_status.py"
_OFFERED = "tests/api/test_quotes_offered.py"
_VERSIONS = "tests/api/test_quotes_versions.py"
_CENTS = "tests/domains/billing/test_sums.py::test_to_the_cent"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "each item has taxes of its own",
        "src/domains/billing/items.py",
        "    if len(set(taxes)) > _MOST_TAXES or",
        "    if",
        "tests/domains/billing/test_items.py::test_all_taxes_together_have_an_end",
    ),
    _fault(
        "halves go to the even",
        _SUMS,
        "return (2 * numerator + denominator) // (2 * denominator)",
        "return round(Fraction(numerator, denominator))",
        _CENTS,
    ),
    _fault(
        "the remainder of a discount is lost",
        _SUMS,
        "for at in largest_first[: total - sum(parts)]:",
        "for at in largest_first[:0]:",
        _MODEL,
    ),
    _fault(
        "a discount spares the taxes",
        _SUMS,
        "        group.rest -= share\n",
        "        group.rest -= share if not group.taxes else 0\n",
        _MODEL,
    ),
    _fault(
        "taxes take more than there is",
        _SUMS,
        "    for key in dearest_first[: max(0, sum(rounded.values()) - gross)]:",
        "    for key in dearest_first[:0]:",
        _CENTS,
    ),
    _fault(
        "a tiny discount is negative",
        _SUMS,
        "reduction = max(0, before - taxed.net)",
        "reduction = before - taxed.net",
        _CENTS,
    ),
    _fault(
        "an option that nobody chose is charged",
        "src/domains/billing/items.py",
        "return self.selected or not self.optional",
        "return True",
        _MODEL,
    ),
    _fault(
        "sums grow beyond what clients can hold",
        "src/domains/billing/items.py",
        "    if max(everything.total, sum(item.amount for item in items)) > LARGEST:",
        "    if everything.total < 0:",
        "tests/domains/billing/test_items.py::test_no_sum_is_larger_than_clients_can_hold",
    ),
    _fault(
        "a sent quote changes",
        "src/domains/billing/document.py",
        "        if not self.is_draft:\n",
        "        if self.is_draft is None:\n",
        f"{_STATUS}::test_only_drafts_change",
    ),
    _fault(
        "every status leads to every other",
        "src/domains/quotes/model.py",
        "        if status not in FOLLOWED_BY[self.status]:",
        "        if status not in FOLLOWED_BY:",
        f"{_STATUS}::test_only_the_ways_that_there_are",
    ),
    _fault(
        "two decide on one quote",
        "src/infra/postgres/billed_documents.py",
        'self.for_change = f"{self.one} for no key update"',
        "self.for_change = self.one",
        f"{_STATUS}::test_of_those_who_decide_at_once_one_does",
    ),
    _fault(
        "a day ends in UTC",
        "src/domains/billing/defaults.py",
        "time.min, zone)",
        "time.min, ZoneInfo('UTC'))",
        f"{_STATUS}::test_it_expires_by_itself_at_the_end_of_the_business_day",
    ),
    _fault(
        "numbers have gaps",
        "src/infra/postgres/documents.py",
        "do update set last = c.last + 1",
        "do update set last = c.last + 2",
        "tests/infra/postgres/test_document_numbers.py::test_two_hundred_at_once_of_whom_each_tenth_gives_up",
    ),
    _fault(
        "an offer that is over is still taken",
        "src/domains/quotes/model.py",
        "        if self.status is QuoteStatus.EXPIRED or is_late or self.link is None:",
        "        if is_late is None:",
        f"{_OFFERED}::test_what_is_over_is_gone",
    ),
    _fault(
        "what was accepted is offered anew",
        "src/domains/quotes/model.py",
        "        if self.is_draft or self.is_accepted:",
        "        if self.is_draft:",
        f"{_VERSIONS}::test_a_version_of_what_was_accepted_meanwhile_is_not_sent",
    ),
    _fault(
        "what a later version took the place of is still taken",
        "src/domains/quotes/standing.py",
        "        if quote.superseded_by is not None:",
        "        if quote.superseded_by == quote.id:",
        f"{_VERSIONS}::test_a_later_version_takes_the_place_of_what_was_offered",
    ),
    _fault(
        "a later version is for somebody else",
        "src/domains/quotes/model.py",
        "        if self.revision_of is not None and order",
        "        if self.revision_of == self.id and order",
        f"{_VERSIONS}::test_a_version_is_for_the_same_customer_and_makes_room_when_it_is_deleted",
    ),
    _fault(
        "two drafts revise one quote",
        "src/domains/quotes/revising.py",
        "            if draft := await self.quotes.version_after(quote_id):",
        "            if (draft := await self.quotes.version_after(quote_id)) and draft.version > 9:",
        f"{_VERSIONS}::test_of_ten_who_revise_at_once_all_get_one_draft",
    ),
    _fault(
        "the version before is locked after the customer",
        "src/domains/quotes/issuing.py",
        "        if quote.revision_of is not None:\n            await self._supersede(",
        "        await standing_for(self.customers, quote.customer_id)\n"
        "        if quote.revision_of is not None:\n            await self._supersede(",
        f"{_VERSIONS}::test_the_version_before_is_locked_before_the_customer",
    ),
    _fault(
        "options that nobody chose are accepted",
        "src/domains/quotes/model.py",
        "selected=item.id in wanted)",
        "selected=True)",
        f"{_OFFERED}::test_who_accepts_signs_and_chooses",
    ),
    _fault(
        "the tokens of quotes rest in the clear",
        "src/domains/billing/links.py",
        "return self.vault.lock(token.encode(), self._place(document))",
        "return token.encode()",
        f"{_OFFERED}::test_the_token_rests_locked_and_stands_in_no_log_and_no_stored_answer",
    ),
    _fault(
        "a search sees all tenants",
        "migrations/versions/0400_quotes.py",
        "where q.tenant_id = tenant and q.search_text like $1[1]",
        "where q.search_text like $1[1]",
        "tests/infra/postgres/test_quote_search.py::test_ids_of_the_bound_tenant_only",
    ),
    _fault(
        "a paper may take for ever",
        "src/infra/documents/press.py",
        "asyncio.timeout(self._seconds):",
        "asyncio.timeout(None):",
        "tests/infra/documents/test_press.py::test_one_that_takes_too_long_is_given_up_and_the_next_is_set",
    ),
    _fault(
        "the papers of one tenant stand before all others",
        "src/infra/documents/press.py",
        "async with line.places:",
        "if line.places:",
        "tests/infra/documents/test_press.py::test_a_tenant_that_wants_many_has_two_before_those_of_others",
    ),
    _fault(
        "papers are set among secrets",
        "src/infra/documents/press.py",
        'env={}, cwd="/"',
        'cwd="/"',
        "tests/infra/documents/test_press.py::test_it_has_no_secrets_and_writes_no_file",
    ),
    _fault(
        "programs read other amounts than people",
        "src/infra/documents/cross_industry.py",
        "reductions = [group.lines - group.base",
        "reductions = [group.base - group.base",
        "tests/infra/documents/test_factur_x.py::test_others_find_nothing_wrong_with_it",
    ),
    _fault(
        "a file has amounts in cents",
        "src/api/document_files.py",
        "    if name in _AMOUNTS and value is not None:",
        "    if name in _AMOUNTS and value is None:",
        "tests/api/test_quotes_papers.py::test_the_file_has_every_quote_with_the_amounts_of_the_api",
    ),
    _fault(
        "any file is decoded as a logo",
        "src/infra/files/redrawing.py",
        'formats=("PNG", "JPEG")',
        "formats=None",
        "tests/infra/files/test_redrawing.py::test_no_other_decoder_is_asked",
    ),
    _fault(
        "what is cancelled asks to be paid",
        "src/domains/billing/printing.py",
        "return 0 if self.cancelled_on else self.total",
        "return self.total",
        "tests/infra/documents/test_papers.py::test_a_cancelled_invoice_asks_for_nothing_and_says_so",
    ),
    _fault(
        "a draft is an electronic invoice",
        "src/infra/documents/cross_industry.py",
        "        and printed.number\n",
        "        and printed.kind\n",
        "tests/infra/documents/test_factur_x.py::test_what_is_no_electronic_invoice",
    ),
    _fault(
        "a statement adds up currencies",
        "src/infra/postgres/customer_accounts.py",
        "and i.currency = $2 and",
        "and $2 <> '' and",
        "tests/api/test_statements.py::test_each_currency_has_its_own",
    ),
    _fault(
        "a statement forgets what came before",
        "src/domains/payments/statements.py",
        "tuple(_entries(booked, opening, defaults.zone))",
        "tuple(_entries(booked, 0, defaults.zone))",
        "tests/api/test_statements.py::test_the_balance_goes_on_from_what_came_before",
    ),
    _fault(
        "a letter bears a thousand marks on paper",
        "src/infra/documents/wording.py",
        "if stacked <= _MOST_STACKED:",
        "if stacked <= 10_000:",
        "tests/infra/documents/test_papers.py::test_of_marks_that_are_heaped_on_one_letter_few_are_set",
    ),
    _fault(
        "descriptions have no end",
        "src/domains/billing/items.py",
        "if sum(len(item.description) for item in items) > _LONGEST:",
        "if len(items) > _LONGEST:",
        "tests/domains/billing/test_items.py::test_all_descriptions_together_have_an_end",
    ),
    _fault(
        "a signature is any document",
        "src/domains/quotes/model.py",
        "if order.signature.lstrip()[:5].lower() == _DATA and not _PICTURE.fullmatch(order.signature):",
        "if not order.signature:",
        f"{_OFFERED}::test_what_is_no_acceptance_changes_nothing",
    ),
)
