"""Malformed requests, derived from one that a route accepts."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Any

from zugabe_testing.examples import Example, content_of, type_of, url_of


@dataclass(frozen=True, slots=True)
class Attack:
    """`name` says where and what, such as `body.lines.0.number: NaN`."""

    name: str
    url: str
    content: bytes
    headers: Mapping[bytes, bytes]


SEALED_BY_NOBODY = f"~zp1:nosuch:acme/anna:email:{'A' * 40}~"
"""Text that looks like one that a service sealed (S7, D1)."""

UNSEEN = "nothing that people see"
"""Accepted exactly where "blank" is (D21)."""

NOTHING_TAKES: Mapping[str, bytes] = {
    "null": b"null",
    "NaN": b"NaN",
    "infinity": b"-Infinity",
    "beyond a double": b"1e999",
    "400 digits": b"9" * 400,
    "beyond 64 bits": str(2**63).encode(),
    "negative": b"-1",
    "a float": b"1.5",
    "broken UTF-8": b'"\xff\xfe"',
    "a surrogate in UTF-8": b'"\xed\xa0\x80"',
    "half a surrogate pair": b'"\\ud800"',
    "NUL": b'"a\\u0000b"',
    "10,000 signs": b'"' + b"x" * 10_000 + b'"',
    "an operator": b'{"$gt": ""}',
    "a huge list": b"[" + b"1," * 20_000 + b"1]",
    "deep": b"[" * 20_000 + b"]" * 20_000,
    "not quite so deep": b"[" * 400 + b"]" * 400,
}

BY_KIND: Mapping[type, Mapping[str, bytes]] = {
    bool: {"a number": b"2", "a word": b'"maybe"'},
    int: {"empty": b'""', "true": b"true", "a whole float": b"1.0", "digits": b'"1"'},
    str: {
        "empty": b'""',
        "blank": b'"  "',
        UNSEEN: '"\u200b\u00a0\u2060"'.encode(),
        "a number": b"1",
        "true": b"true",
        "a list": b'["x"]',
        "an escape": b'"a\\u001bb"',
        "a sealed text": json.dumps(SEALED_BY_NOBODY).encode(),
    },
    list: {"a word": b'"x"', "a list of null": b"[null]", "an object": b"{}"},
    dict: {"a word": b'"x"', "a list": b"[]", "an unknown field": b'{"$where": 1}'},
    NoneType: {},
}

WHOLE: Mapping[str, bytes] = {
    "nothing": b"",
    "half an object": b"{",
    "not JSON": b"<order/>",
    "in UTF-16": '{"a": 1}'.encode("utf-16"),
    "more than a megabyte": b'{"x": "' + b"x" * 1_000_000 + b'"}',
}

NO_FILES: Mapping[str, bytes] = {
    "nothing": b"",
    "a blank": b" ",
    "NUL": b"\0" * 1_000,
    "bytes": b"\xff\xfe\x81\x8d",
    "half an archive": b"PK\x03\x04",
    "a page": b"<html><script>alert(1)</script></html>",
    "a megabyte": b"x" * 1_000_001,
}

PATHS: Mapping[str, str] = {
    "NUL": "%00",
    "a slash": "a%2Fb",
    "a sign of four bytes": "%F0%9F%92%A9",
    "broken UTF-8": "%FF",
    "a surrogate": "%ED%A0%80",
    "a line feed": "a%0A",
    "blank": "%20",
    "upwards": "..%2F..",
    "an operator": "$gt",
    "a separator": "a%1Fb",
    "500 signs": "x" * 500,
    "negative": "-1",
    "a float": "1.5e3%20",
}

NO_ID = {
    "a sealed text": SEALED_BY_NOBODY,
    "nothing": "",
    "NUL": "%00",
    "a slash": "a/b",
    "500 signs": "x" * 500,
    "broken": "%FF",
}


def cursor(told: str) -> str:
    """Encode a cursor that is well formed and was never issued."""
    return urlsafe_b64encode(told.encode()).decode().rstrip("=")


NO_CURSOR: Mapping[str, str] = {
    "garbage": "garbage",
    "NUL": "%00",
    "a sign of four bytes": "%F0%9F%92%A9",
    "3,000 signs": "x" * 3_000,
    "an operator": cursor('[{"$gt": ""}, "x"]'),
    "an operator as key": cursor('["x", {"$gt": ""}]'),
    "a list": cursor('[["x"], "x"]'),
    "too short": cursor('["x"]'),
    "beyond 64 bits": cursor(f'[{2**63}, "x"]'),
    "no day": cursor('[{"day": "2026-02-30"}, "x"]'),
    "no zone": cursor('[{"instant": "2026-02-03T00:00:00"}, "x"]'),
    "before all time": cursor('[{"instant": "0001-01-01T00:00:00+23:59"}, "x"]'),
    "after all time": cursor('[{"instant": "9999-12-31T23:59:59-23:59"}, "x"]'),
    "half a surrogate pair": cursor('["\\ud800", "x"]'),
    "deep": cursor("[" * 1_200),
}

QUERIES: Mapping[str, Mapping[str, str]] = {
    "after": NO_CURSOR,
    "limit": {
        name: text
        for name, text in zip(
            ("negative", "none", "too many", "a float", "NaN", "5,000 digits", "NUL", "nothing"),
            ("-1", "0", "501", "1e2", "NaN", "9" * 5_000, "%00", ""),
            strict=True,
        )
    },
    "at": {
        "garbage": "garbage",
        "a number": "1",
        "a day": "2026-01-01",
        "no zone": "2026-01-01T12:00:00",
        "after all time": "9999-12-31T23:59:59Z",
        "before all time": "0001-01-01T00:00:00%2B14:00",
        "NUL": "%00",
    },
    "returned": {"garbage": "maybe", "a number": "2"},
}

HEADERS: Mapping[str, tuple[bytes, bytes]] = {
    "a key of 500 signs": (b"Idempotency-Key", b"k" * 500),
    "a key of bytes": (b"Idempotency-Key", b"\xff\xfe"),
    "an empty key": (b"Idempotency-Key", b""),
    "a key with a blank": (b"Idempotency-Key", b"a b"),
    "a key that looks sealed": (b"Idempotency-Key", SEALED_BY_NOBODY.encode()),
}

NO_TOKENS: Mapping[str, bytes] = {
    "garbage": b"garbage",
    "bytes": b"\xff.1.1.1",
    "negative": b"log.-1.1.1",
    "too many": b",".join([b"log.1.1.1"] * 21),
    "9,000 digits": b"log.1.1." + b"9" * 9_000,
}


def attacks(route: str, example: Example) -> Iterator[Attack]:
    taken = {f"{where}: {what}" for where, some in example.takes.items() for what in some}
    taken |= {f"{where}: {UNSEEN}" for where, some in example.takes.items() if "blank" in some}
    for attack in _attacks(route, example):
        if attack.name in taken:
            taken.remove(attack.name)
        else:
            yield attack
    assert not taken, f"no such attacks: {taken}"


def _attacks(route: str, example: Example) -> Iterator[Attack]:
    url, content = url_of(route, example.path, example.query), content_of(example)
    kind = type_of(example)
    for name, body in _bodies(example.body):
        yield Attack(name, url, body, kind)
    for parameter in re.findall(r"{(\w+)}", route):
        for name, text in PATHS.items():
            odd = url_of(route, {**example.path, parameter: text}, example.query)
            yield Attack(f"path.{parameter}: {name}", odd, content, kind)
    for parameter in example.query:
        for name, text in QUERIES.get(parameter, NO_ID).items():
            odd = url_of(route, example.path, {**example.query, parameter: text})
            yield Attack(f"query.{parameter}: {name}", odd, content, kind)
    for name, (header, value) in HEADERS.items():
        yield Attack(f"header: {name}", url, content, {**kind, header: value})
    for name, value in NO_TOKENS.items() if route.startswith("GET ") else ():
        yield Attack(f"token: {name}", url, content, {**kind, b"Zugabe-Token": value})


def _bodies(body: Any) -> Iterator[tuple[str, bytes]]:
    """A route without a body reads none, but even there it must be readable."""
    if isinstance(body, bytes):
        yield from ((f"body: {name}", content) for name, content in NO_FILES.items())
        return
    for name, content in WHOLE.items():
        if content or body is not None:
            yield f"body: {name}", content
    if body is None:
        return
    for where, value, put in _places(body, "body", lambda changed: changed):
        for name, raw in {**NOTHING_TAKES, **BY_KIND[type(value)]}.items():
            yield f"{where}: {name}", json.dumps(put(MARK)).encode().replace(HOLE, raw)
        for change, fields in _fields(value) if isinstance(value, dict) else ():
            yield f"{where}{change}", json.dumps(put(fields)).encode()


MARK = "\u2620"
HOLE = json.dumps(MARK).encode()

type Put = Callable[[Any], Any]


def _places(value: Any, where: str, put: Put) -> Iterator[tuple[str, Any, Put]]:
    """Every place in a body, its value, and how to get the body with another value there."""
    yield where, value, put
    steps: Iterable[Any] = ()
    if isinstance(value, dict | list):
        steps = value if isinstance(value, dict) else range(len(value))
    for step in steps:

        def put_inside(changed: Any, step: Any = step) -> Any:
            copy = value.copy()
            copy[step] = changed
            return put(copy)

        yield from _places(value[step], f"{where}.{step}", put_inside)


def _fields(value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield ": one field more", {**value, "discount": 1}
    yield ": a field of half a surrogate pair", {**value, "\ud800": 1}
    for name in value:
        yield f".{name}: missing", {key: one for key, one in value.items() if key != name}


NO_CALLERS: Mapping[str, Mapping[bytes, bytes]] = {
    "no token": {},
    "an empty token": {b"Authorization": b"Bearer "},
    "a word": {b"Authorization": b"Bearer garbage"},
    "another scheme": {b"Authorization": b"Basic dXNlcjp1c2Vy"},
    "bytes": {b"Authorization": b"Bearer \xff\xfe"},
    "9,000 signs": {b"Authorization": b"Bearer " + b"x" * 9_000},
    "unsigned": {b"Authorization": b"Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0."},
}
