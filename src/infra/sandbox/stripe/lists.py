"""Pages of objects, as Stripe gives them."""

from collections.abc import Mapping, Sequence

from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.forms import whole
from infra.sandbox.stripe.refusals import Json, invalid, missing

_MOST = 100
_USUAL = 10


def page(book: Book, account: str, kind: str, asked: Json, *, url: str, filters: Sequence[str] = ()) -> Json:
    """`limit`, `starting_after`, `ending_before`, `created`, and what is equal to one of `filters`."""
    limit = whole(asked, "limit", low=1, high=_MOST) or _USUAL
    found = [each for each in book.every(account, kind) if _is_wanted(each, asked, filters)]
    if after := asked.get("starting_after"):
        chosen = found[_place(found, kind, str(after), "starting_after") + 1 :]
        items, more = chosen[:limit], len(chosen) > limit
    elif before := asked.get("ending_before"):
        chosen = found[: _place(found, kind, str(before), "ending_before")]
        items, more = chosen[-limit:], len(chosen) > limit
    else:
        items, more = found[:limit], len(found) > limit
    return {"object": "list", "url": url, "has_more": more, "data": items}


def _place(found: Sequence[Json], kind: str, wanted: str, param: str) -> int:
    for place, each in enumerate(found):
        if each["id"] == wanted:
            return place
    raise missing(kind, wanted, param=param)


def _is_wanted(each: Json, asked: Json, filters: Sequence[str]) -> bool:
    if any(name in asked and each.get(name) != asked[name] for name in filters):
        return False
    if "types" in asked and each.get("type") not in asked["types"]:
        return False
    return _is_within(int(each["created"]), asked.get("created"))


def _is_within(created: int, asked: object) -> bool:
    if asked is None:
        return True
    if not isinstance(asked, Mapping):
        return str(created) == str(asked)
    try:
        bounds = {name: int(value) for name, value in asked.items()}
    except ValueError:
        raise invalid("Invalid timestamp.", param="created") from None
    return (
        created >= bounds.get("gte", created)
        and created <= bounds.get("lte", created)
        and created > bounds.get("gt", created - 1)
        and created < bounds.get("lt", created + 1)
    )
