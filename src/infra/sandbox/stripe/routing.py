"""What each address of Stripe's API does."""

import re
from collections.abc import Callable, Sequence

import msgspec

from infra.sandbox.stripe.book import Book, fresh, new_id
from infra.sandbox.stripe.intents import Intents
from infra.sandbox.stripe.lists import page
from infra.sandbox.stripe.payouts import Payouts
from infra.sandbox.stripe.refunds import Refunds
from infra.sandbox.stripe.refusals import Json, StripeRefusal, invalid

_SHOWN = {
    "balance_transactions": ("balance_transaction", ("type", "source")),
    "charges": ("charge", ("payment_intent", "customer")),
    "customers": ("customer", ("email",)),
    "disputes": ("dispute", ("charge", "payment_intent")),
    "events": ("event", ("type",)),
    "payment_intents": ("payment_intent", ("customer",)),
    "payouts": ("payout", ("status",)),
    "refunds": ("refund", ("charge", "payment_intent")),
}
"""What may be listed, and by what it may be filtered."""

_IN_PUBLIC = re.compile(r"/v1/payment_intents/[^/]+(/confirm)?")


class Request(msgspec.Struct, frozen=True):
    """One request, understood. `in_public`: with the publishable key only."""

    account: str
    method: str
    path: str
    asked: Json
    in_public: bool


Action = Callable[[Request, list[str]], Json]


class Routing:
    """Finds what a request asks for, and does it."""

    def __init__(self, book: Book, *, address: str) -> None:
        self._book = book
        self._intents = Intents(book, address=address)
        self._payouts = Payouts(book)
        self._refunds = Refunds(book)
        self._routes: Sequence[tuple[str, re.Pattern[str], Action]] = [
            (method, re.compile(path.replace("{}", "([^/]+)")), action)
            for method, path, action in (
                ("POST", "/v1/payment_intents", self._create_intent),
                ("POST", "/v1/payment_intents/{}", self._update_intent),
                ("POST", "/v1/payment_intents/{}/confirm", self._confirm_intent),
                ("POST", "/v1/payment_intents/{}/cancel", self._cancel_intent),
                ("POST", "/v1/payouts", self._create_payout),
                ("POST", "/v1/refunds", self._create_refund),
                ("POST", "/v1/customers", self._create_customer),
                ("POST", "/v1/webhook_endpoints", self._create_endpoint),
                ("GET", "/v1/account", self._account),
                ("GET", "/v1/balance", self._balance),
                ("GET", "/v1/([a-z_]+)", self._list),
                ("GET", "/v1/([a-z_]+)/{}", self._one),
            )
        ]

    def answer(self, request: Request) -> Json:
        """Raise `StripeRefusal`; what it changed before stays."""
        if request.in_public:
            self._must_know_the_secret(request)
        for method, pattern, action in self._routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method:
                return action(request, list(match.groups()))
        message = f"Unrecognized request URL ({request.method}: {request.path[:100]})."
        raise StripeRefusal(404, "invalid_request_error", message)

    def _must_know_the_secret(self, request: Request) -> None:
        """A publishable key opens one intent, to whoever has its secret."""
        if not _IN_PUBLIC.fullmatch(request.path):
            raise StripeRefusal(401, "invalid_request_error", "This API call cannot be made with a publishable key.")
        intent = self._intents.one(request.account, request.path.split("/")[3])
        if request.asked.get("client_secret") != intent["client_secret"]:
            raise invalid("The client_secret provided does not match.", param="client_secret")

    def _create_intent(self, request: Request, _: list[str]) -> Json:
        return self._intents.create(request.account, request.asked)

    def _update_intent(self, request: Request, path: list[str]) -> Json:
        return self._intents.update(request.account, path[0], request.asked)

    def _confirm_intent(self, request: Request, path: list[str]) -> Json:
        return self._intents.confirm(request.account, path[0], request.asked)

    def _cancel_intent(self, request: Request, path: list[str]) -> Json:
        return self._intents.cancel(request.account, path[0], request.asked)

    def _create_payout(self, request: Request, _: list[str]) -> Json:
        return self._payouts.create(request.account, request.asked)

    def _create_refund(self, request: Request, _: list[str]) -> Json:
        return self._refunds.create(request.account, request.asked)

    def _create_customer(self, request: Request, _: list[str]) -> Json:
        fields = {name: request.asked.get(name) for name in ("email", "name", "phone")}
        return self._book.add(
            request.account, fresh("customer", **fields, metadata=request.asked.get("metadata") or {})
        )

    def _create_endpoint(self, request: Request, _: list[str]) -> Json:
        url = str(request.asked.get("url", ""))
        if not url.startswith(("http://", "https://")):
            raise invalid("Invalid URL.", param="url", code="url_invalid")
        return self.add_endpoint(request.account, url=url, secret=new_id("whsec"))

    def add_endpoint(self, account: str, *, url: str, secret: str) -> Json:
        """Have the account's events delivered to `url`."""
        identity = new_id("we")
        statement = "insert into endpoints (id, account, url, secret) values (?, ?, ?, ?)"
        self._book.ask(statement, identity, account, url, secret)
        return {"id": identity, "object": "webhook_endpoint", "url": url, "secret": secret, "status": "enabled"}

    def _account(self, request: Request, _: list[str]) -> Json:
        return {"id": request.account, "object": "account", "charges_enabled": True, "payouts_enabled": False}

    def _balance(self, request: Request, _: list[str]) -> Json:
        sums = sorted(self._payouts.available(request.account).items())
        available = [{"amount": amount, "currency": currency} for currency, amount in sums]
        return {"object": "balance", "livemode": False, "available": available, "pending": []}

    def _list(self, request: Request, path: list[str]) -> Json:
        kind, filters = self._shown(path[0], request)
        return page(self._book, request.account, kind, request.asked, url=request.path, filters=filters)

    def _one(self, request: Request, path: list[str]) -> Json:
        kind, _ = self._shown(path[0], request)
        return self._book.one(request.account, kind, path[1])

    def _shown(self, name: str, request: Request) -> tuple[str, Sequence[str]]:
        if name not in _SHOWN:
            raise StripeRefusal(404, "invalid_request_error", f"Unrecognized request URL ({request.path[:100]}).")
        return _SHOWN[name]
