"""Each use case and each query names exactly one permission, before it does anything else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import Repository, Source

ROOT = Path(__file__).parents[2]

WITHOUT_PERMISSION = {
    "CalendarFetching.fetch": "runs in the worker, for an envelope",
    "Rederiving.carry_out": "for the operator, at the command line",
    "Diary.become": "called by use cases that have asked",
    "Diary.change": "called by use cases that have asked",
    "Diary.put_again": "called by use cases that have asked",
    "Diary.put_in": "called by use cases that have asked",
    "Diary.freed": "called by use cases that have asked",
    "FreedTimes.offer": "runs in the worker, for an envelope",
    "Holding.hold": "whoever knows the slug",
    "Holding.show": "the hold's token is the credential",
    "Holding.release": "the hold's token is the credential",
    "Holding.end": "runs in the worker, for an envelope",
    "OfferLetters.offered": "runs in the worker, for an envelope",
    "Placing.place": "called by use cases that have asked",
    "Places.close": "called by use cases that have asked",
    "Places.keep": "called by use cases that have asked",
    "Places.let_pass": "called by use cases that have asked",
    "Places.take": "called by use cases that have asked",
    "SeriesEditing.cancel": "called by use cases that have asked",
    "SeriesEditing.change": "called by use cases that have asked",
    "VisitLetters.booked": "runs in the worker, for an envelope",
    "VisitLetters.cancelled": "runs in the worker, for an envelope",
    "VisitLetters.moved": "runs in the worker, for an envelope",
    "WaitingOnline.accept": "the place's token is the credential",
    "WaitingOnline.decline": "the place's token is the credential",
    "WaitingOnline.join": "whoever knows the slug",
    "WaitingOnline.leave": "the place's token is the credential",
    "WaitingOnline.show": "the place's token is the credential",
    "WaitingTimes.end": "runs in the worker, for an envelope",
    "WaitingTimes.forget": "runs in the worker, for an envelope",
    "WaitingTimes.pass_on": "runs in the worker, for an envelope",
    "FeedReading.read": "the feed's address is the credential",
    "OnlineBooking.offered_services": "whoever knows the slug",
    "OnlineBooking.zone": "whoever knows the slug",
    "OnlineBooking.available": "whoever knows the slug",
    "OnlineBooking.book": "whoever knows the slug",
    "OnlineBooking.show": "the booking's token is the credential",
    "OnlineBooking.move": "the booking's token is the credential",
    "OnlineBooking.cancel": "the booking's token is the credential",
    "Reminding.remind": "runs in the worker, for an envelope",
    "Answering.accept": "the token of the link is the credential",
    "Answering.reject": "the token of the link is the credential",
    "Answering.show": "the token of the link is the credential",
    "Expiring.expire": "runs in the worker, for an envelope",
    "BillPrinting.pdf": "the token of the link is the credential",
    "OfferPrinting.pdf": "the token of the link is the credential",
    "InvoiceShowing.show": "the token of the link is the credential",
    "CreditNoting.credit": "a step of other use cases",
    "Dunning.remind": "runs in the worker, for an envelope",
    "FallingDue.fall_due": "runs in the worker, for an envelope",
    "InvoiceIssuing.draft": "a step of other use cases",
    "InvoiceIssuing.issue": "a step of other use cases",
    "InvoiceLetters.send": "runs in the worker, for an envelope",
    "Planning.plan": "a step of other use cases",
    "PublicLinks.bind": "the token of the link is the credential",
    "QuoteReleasing.release": "a step of other use cases",
    "Receivables.receive": "a step of other use cases",
    "Receivables.take_back": "a step of other use cases",
    "Recurring.make": "runs in the worker, for an envelope",
    "QuoteIssuing.issue": "a step of other use cases",
    "QuoteIssuing.today": "a step of other use cases",
    "QuoteLetters.send": "runs in the worker, for an envelope",
    "ImportJobs.begin": "a step of other use cases",
    "AccountKeeping.end_sessions": "an operator's, from the command line",
    "AccountKeeping.take_away_second_factor": "an operator's, from the command line",
    "EndedKeys.clear": "runs in the worker, for an envelope",
    "EmailChangeFollowUp.mail": "runs in the worker, for an envelope",
    "EmailChangeFollowUp.spread": "runs in the worker, for an envelope",
    "FollowingEmailLinks.confirm": "the mailed token is the credential",
    "FollowingEmailLinks.stop": "the mailed token is the credential",
    "AcceptingInvitations.accept": "the mailed token is the credential",
    "Entry.find": "the mailed token is the credential",
    "Entry.let_in": "the mailed token is the credential",
    "InvitationLetters.send": "runs in the worker, for an envelope",
    "InviteeCheck.passed": "the mailed token is the credential",
    "AccountLetters.joined": "runs in the worker, for an envelope",
    "RegistrationCheck.digest": "computes, and looks at nothing",
    "RegistrationCheck.passed": "code and password are the credential",
    "Reauthentication.address": "called by use cases that have asked",
    "Reauthentication.passed": "called by use cases that have asked",
    "Reauthentication.passed_lately": "called by use cases that have asked",
    "Reauthentication.passed_wholly": "called by use cases that have asked",
    "SecondFactorCheck.first_step": "called by use cases that have asked",
    "SecondFactorCheck.passed": "the code is the credential",
    "AccountLetters.password_changed": "runs in the worker, for an envelope",
    "AccountLetters.two_factor_changed": "runs in the worker, for an envelope",
    "ResetLetters.send": "runs in the worker, for an envelope",
    "ResettingPasswords.forgot": "whoever forgot the password has no session",
    "ResettingPasswords.reset": "the mailed token is the credential",
    "Registering.start": "whoever registers has no user yet",
    "Registering.resend": "whoever registers has no user yet",
    "Confirming.confirm": "the mailed code is the credential",
    "SigningIn.with_password": "the password is the credential",
    "SigningIn.with_code": "the mailed code is the credential",
    "PasswordCheck.passed": "the password is the credential",
    "CodeCheck.passed": "the mailed code is the credential",
    "CodeCheck.digest": "computes, and looks at nothing",
    "Renewing.refresh": "the refresh token is the credential",
    "Sessions.open": "called by those who have shown a credential",
    "Sessions.signed_in": "called by those who have shown a credential",
    "Applying.apply": "runs in the worker, for an envelope",
    "Applying.forget": "runs in the worker, for an envelope",
    "Arrivals.tell": "said inside another use case",
    "Delivering.deliver": "runs in the worker, for an envelope",
    "Delivering.forget": "runs in the worker, for an envelope",
    "RaisedLetters.dismiss": "an operator's, at the command line",
    "RaisedLetters.resend": "an operator's, at the command line",
    "Asking.ask": "a step of other use cases",
    "Hearing.again": "runs in the worker, for an envelope",
    "Hearing.from_business": "the provider's signature is the credential",
    "Hearing.from_platform": "the provider's signature is the credential",
    "News.abandon": "a step of other use cases",
    "News.refuse": "a step of other use cases",
    "News.take": "a step of other use cases",
    "PayingPublicly.pay": "the token of the link is the credential",
    "BalanceBooking.book_fees": "a step of other use cases",
    "BalanceBooking.book_payouts": "a step of other use cases",
    "Disputing.follow": "a step of other use cases",
    "ProviderBook.balances": "runs in the worker, for an envelope",
    "ProviderBook.book_lines": "runs in the worker, for an envelope",
    "ProviderBook.intents": "runs in the worker, for an envelope",
    "ProviderBook.present": "runs in the worker, for an envelope",
    "ProviderBook.replay": "runs in the worker, for an envelope",
    "Proving.of_business": "the provider's signature is the credential",
    "Proving.of_platform": "the provider's signature is the credential",
    "Proving.read": "computes, and looks at nothing",
    "Receipts.send": "runs in the worker, for an envelope",
    "Receiving.keep": "a step of other use cases",
    "Reconciling.nightly": "runs in the worker, for an envelope",
    "Reconciling.run": "runs in the worker, for an envelope",
    "Resettling.intent": "runs in the worker, for an envelope",
    "Resettling.refund": "runs in the worker, for an envelope",
    "Resettling.withdraw": "runs in the worker, for an envelope",
    "Returning.begin": "a step of other use cases",
    "Settling.cancel": "a step of other use cases",
    "Settling.intent": "a step of other use cases",
    "Settling.refund": "a step of other use cases",
    "Settling.why_not": "a step of other use cases",
    "Settling.within": "a step of other use cases",
    "TillKeeping.of_rest": "a step of other use cases",
    "TillKeeping.take": "a step of other use cases",
    "Receiving.receive": "the provider's signature is the credential",
    "Replaying.replay": "an operator's, at the command line",
    "Sending.send": "runs in the worker, for an envelope",
    "TwoStep.carry_out": "runs in the worker, for an envelope",
    "Forgetting.forget": "runs in the worker, for an envelope",
    "ClosingLetters.closed": "runs in the worker, for an envelope",
    "ClosingLetters.reopened": "runs in the worker, for an envelope",
    "NextVersion.enter": "answers nobody with anything",
    "Operating.activate": "an operator's, from the command line",
    "Operating.close": "an operator's, from the command line",
    "Operating.drop_quota": "an operator's, from the command line",
    "Operating.drop_rates": "an operator's, from the command line",
    "Operating.page": "an operator's, from the command line",
    "Operating.put_on": "an operator's, from the command line",
    "Operating.set_quota": "an operator's, from the command line",
    "Operating.set_rates": "an operator's, from the command line",
    "Operating.show": "an operator's, from the command line",
    "Operating.suspend": "an operator's, from the command line",
    "Purging.purge": "runs in the worker, for an envelope",
    "Exporting.go_on": "runs in the worker, for a job",
    "ForgettingImports.forget_report": "runs in the worker, for an envelope",
    "ForgettingImports.forget_upload": "runs in the worker, for an envelope",
    "Importing.go_on": "runs in the worker, for a job",
    "Outcomes.forget_file": "runs in the worker, for an envelope",
    "Outcomes.give_up": "runs in the worker, for a job",
    "Outcomes.replay": "the operator's, by the command line",
    "Rederiving.follow_rules": "runs in the worker, for an envelope",
    "Refusals.note": "it is about those who lack a permission",
    "ErasingAgain.erase": "runs in the worker, for an envelope",
    "SuspensionLetters.tell_activated": "runs in the worker, for an envelope",
    "SuspensionLetters.tell_suspended": "runs in the worker, for an envelope",
    "VerificationLetters.send": "runs in the worker, for an envelope",
}

_MADE_WITH = {"actor", "diary", "places", "work"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def verbs(repository: Repository) -> Iterator[tuple[str, Function]]:
    """Public methods of capabilities (domain classes made with one of `_MADE_WITH`) and of queries (`infra`)."""
    for file in repository.python("src"):
        for node in (node for node in file.nodes if isinstance(node, ast.ClassDef)):
            if _is_capability(file, node) or _is_query(file, node):
                yield from ((f"{node.name}.{method.name}", method) for method in _public(node))


def unguarded(repository: Repository) -> list[str]:
    """Verbs that do not begin with their one `actor.must(Permission.X)`."""
    return [name for name, verb in verbs(repository) if not _is_guarded(verb)]


def _is_capability(file: Source, node: ast.ClassDef) -> bool:
    return file.is_below("src", "domains") and bool(_MADE_WITH & _ports(node))


def _is_query(file: Source, node: ast.ClassDef) -> bool:
    return file.is_below("src", "infra") and node.name.endswith("Queries")


def _ports(node: ast.ClassDef) -> set[str]:
    made = (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__")
    return {argument.arg for function in made for argument in function.args.args}


def _public(node: ast.ClassDef) -> Iterator[Function]:
    for each in node.body:
        decorated = {ast.unparse(decorator) for decorator in getattr(each, "decorator_list", ())}
        if isinstance(each, Function) and not each.name.startswith("_") and decorated <= {"idempotent"}:
            yield each


def _is_guarded(verb: Function) -> bool:
    statements = verb.body[1:] if ast.get_docstring(verb) else verb.body
    asked = [node for node in ast.walk(verb) if isinstance(node, ast.Call) and _asks(node)]
    first = statements[0] if statements else None
    return len(asked) == 1 and isinstance(first, ast.Expr) and first.value is asked[0]


def _asks(call: ast.Call) -> bool:
    named = len(call.args) == 1 and ast.unparse(call.args[0]).startswith("Permission.")
    return named and ast.unparse(call.func) in {"self.actor.must", "self._actor.must"}


@pytest.fixture(scope="module")
def repository() -> Repository:
    return Repository.at(ROOT)


def test_each_use_case_and_query_names_exactly_one_permission(repository: Repository) -> None:
    assert sorted(set(unguarded(repository)) - set(WITHOUT_PERMISSION)) == []


def test_no_exception_is_idle_and_each_has_a_reason(repository: Repository) -> None:
    assert sorted(set(WITHOUT_PERMISSION) - set(unguarded(repository))) == []
    assert all(len(reason.split()) > 2 for reason in WITHOUT_PERMISSION.values())


def test_there_is_something_to_look_at(repository: Repository) -> None:
    found = {name for name, _ in verbs(repository)}
    assert {"RecordKeeping.create", "WhoAmI.identity", "PostgresCustomerQueries.page"} <= found


CAPABILITY = """
class Booking:
    def __init__(self, actor, work):
        self.actor = actor

    async def book(self, order):
        '''Book.'''
        {body}
"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("self.actor.must(Permission.A)", []),
        ("pass", ["Booking.book"]),
        ("self.work.record(1); self.actor.must(Permission.A)", ["Booking.book"]),
        ("self.actor.must(Permission.A); self.actor.must(Permission.B)", ["Booking.book"]),
        ("self.actor.may(Permission.A)", ["Booking.book"]),
        ("self.actor.must(wanted)", ["Booking.book"]),
        ("return self.actor.must(Permission.A)", ["Booking.book"]),
    ],
)
def test_a_use_case_without_its_one_permission_is_seen(body: str, found: list[str]) -> None:
    assert unguarded(Repository({"src/domains/a/booking.py": CAPABILITY.format(body=body)})) == found


def test_a_query_without_its_permission_is_seen() -> None:
    query = "class PostgresVisitQueries:\n    async def one(self, visit_id):\n        return 1\n"
    assert unguarded(Repository({"src/infra/postgres/visits.py": query})) == ["PostgresVisitQueries.one"]
