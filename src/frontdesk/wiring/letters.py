"""Letters: what is made once a process, and what once an envelope."""

from functools import partial
from pathlib import Path

from dishka import Provider, Scope, provide

from domains.identity import Letters
from domains.letters import Delivering, Errand, LetterBook, Post, RaisedLetters, Sending
from frontdesk.callers import Caller
from frontdesk.ingredients import Ingredients
from frontdesk.subscriptions import SUBSCRIPTIONS
from infra.mail.catalogues import Catalogues
from infra.mail.direct import DirectLetters
from infra.mail.guarded import GuardedVendor
from infra.mail.rendering import Rendering
from infra.mail.smtp import SmtpPost
from infra.metrics.instruments import Instruments
from infra.postgres.clock import BusinessClock
from infra.postgres.database import Database
from infra.postgres.letters import PostgresLetterBook
from infra.postgres.work import PostgresWork

_SOURCE = Path(__file__).parents[2]
TEMPLATES = (*sorted((_SOURCE / "domains").glob("*/letters")), _SOURCE / "infra" / "alerts" / "letters")


class LetterWork(PostgresWork):
    """Apart from the caller's work: letters are written down after its commit."""


class LettersParts(Provider):
    """Letters of one envelope, over the mail server of all."""

    scope = Scope.REQUEST

    @provide(scope=Scope.APP)
    def post(self, of: Ingredients, instruments: Instruments) -> Post:
        smtp = SmtpPost(of.smtp_url, sender=of.mail_from, rendering=Rendering(TEMPLATES, Catalogues()))
        return GuardedVendor(smtp, partial(instruments.providers.call, "mail"))

    direct = provide(DirectLetters, scope=Scope.APP)

    @provide
    def errand(self, caller: Caller) -> Errand:
        if caller.envelope is None:
            raise RuntimeError("Letters follow a commit: they are sent for an envelope.")
        return Errand(caller.envelope)

    @provide
    def work(self, database: Database, caller: Caller, clock: BusinessClock) -> LetterWork:
        work = LetterWork(database, caller.tenant, caller.origin, SUBSCRIPTIONS, clock)
        if caller.joins is not None:
            work.joining(caller.joins)
        return work

    @provide
    def book(self, work: LetterWork) -> LetterBook:
        return PostgresLetterBook(work)

    @provide
    def letters(self, errand: Errand, book: LetterBook, post: Post, clock: BusinessClock, work: LetterWork) -> Letters:
        return Sending(errand, book, post, clock, work)

    @provide
    def delivering(self, book: LetterBook, post: Post, clock: BusinessClock, work: LetterWork) -> Delivering:
        return Delivering(book, post, clock, work)

    @provide
    def raised(self, book: LetterBook, clock: BusinessClock, work: LetterWork) -> RaisedLetters:
        return RaisedLetters(book, clock, work)
