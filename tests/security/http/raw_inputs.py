"""What a client that means harm, or is broken, puts where an operation takes something."""

import json
from collections.abc import Iterator
from typing import Any

MARK = "@@RAW@@"
PRODUCT = "7919*7907"
COMPUTED = "62615533"
NEVER_VALID = {
    "NUL": r'"a\u0000b"',
    "lone surrogate": r'"\ud800"',
    "2^63": "9223372036854775808",
    "10^30": "1" + "0" * 30,
    "5000 digits": "9" * 5000,
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "1e400": "1e400",
    "a key twice": '{"a": 1, "a": 2}',
    "100,000 deep": "[" * 100_000 + "]" * 100_000,
    "bare control character": '"a\x01b"',
}
"""As JSON, in the place of any field: always a 400."""

STRANGE = {
    "-1": "-1",
    "1.5": "1.5",
    "true": "true",
    "null": "null",
    "object": "{}",
    "array": "[]",
    "array in array": "[[[[]]]]",
    "empty": '""',
    "blank": '"   "',
    "long": json.dumps("x" * 20_000),
    "SQL": json.dumps("'; drop table customers; --"),
    "LIKE": json.dumps("%_\\"),
    "LIKE, inside": json.dumps("%wne%"),
    "template": json.dumps("{{N}}${N}<%= N %>".replace("N", PRODUCT)),
    "CRLF": json.dumps("a\r\nBcc: all@example.com\r\n\r\nb"),
    "format": json.dumps("%s%n%x{0}{}"),
    "shell": json.dumps("$(id) `id` | id; id"),
    "markup": json.dumps("<script>alert(1)</script><img src=x onerror=alert(1)>"),
    "full text": json.dumps("zq & | ! <-> :* ( '"),
    "path": json.dumps("../../../../etc/passwd"),
    "directions": json.dumps("\u202egnp.exe\u200b\ufeff"),
    "not a character": json.dumps("\uffff\ufdd0"),
    "regex": json.dumps("a" * 200 + "!" + "(a+)+$"),
    "address": json.dumps("a" * 5000 + "@" + "a." * 2000 + "com"),
    "phone": json.dumps("+" + "1" * 5000),
}
"""As JSON, in the place of any field: taken as it is, or refused."""

NO_BODY_AT_ALL = {
    "empty": b"",
    "blank": b" ",
    "null": b"null",
    "array": b"[]",
    "text": b'"text"',
    "number": b"1",
    "unclosed": b'{"a": ',
    "100,000 open": b"[" * 100_000,
    "bad UTF-8": b'{"a": "\xff"}',
    "surrogate as UTF-8": b'{"a": "\xed\xa0\x80"}',
    "NUL": b"\x00",
}
"""In the place of the whole body: always a 400."""

WRONG_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/jsonp",
    "*/*",
    "",
)

NEVER_IN_AN_ADDRESS = ("%00", "%FF", "%ED%A0%80", "a%00b", "%C0%AF")
IN_AN_ADDRESS = (
    "", "-1", "9223372036854775808", "1" + "0" * 30, "NaN", "1e400", "null", "%27%3B+drop+table+customers", "%25_",
    "%7B%7B7*7%7D%7D", "a%0D%0AX-Evil:%201", "..%2F..%2Fetc%2Fpasswd", "%E2%80%AE", "x" * 3000, "a%26b%3Dc", "[]",
    "9999999-99-99", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59.999999-18:00", "2026-02-30",
)  # fmt: skip
IN_A_HEADER = (b"", b"\xff\xfe", b"-1", b"null", b"a" * 7000, b'"', b'"\xe9"', b"{{7*7}}", b"%00", b"9" * 400, b"\x01")


def spots(body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a body, the whole left out."""
    items: Any = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from spots(value, (*path, key))


def with_raw(body: Any, path: tuple[str | int, ...], raw: str) -> bytes:
    """The body as JSON, with `raw` in one place, whether that is JSON or not."""
    changed = json.loads(json.dumps(body))
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = MARK
    return json.dumps(changed).replace(f'"{MARK}"', raw).encode()


def variants(body: Any) -> Iterator[tuple[str, bytes]]:
    """The sound body, spoilt as a whole."""
    sound = json.dumps(body).encode()
    yield from NO_BODY_AT_ALL.items()
    yield "BOM", b"\xef\xbb\xbf" + sound
    yield "UTF-16", json.dumps(body).encode("utf-16")
    yield "two values", sound + sound
    yield "a comma too many", sound[:-1] + b",}"
    yield "unknown field", sound[:-1] + b', "tenantId": "x", "__proto__": {}}'
    for first in list(body)[:1]:
        yield "the first field twice", sound[:-1] + f", {json.dumps(first)}: null}}".encode()
