"""Whatever is sent, the answer is a problem that repeats nothing of it, and never a 500."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.http.problems import add_problems
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.request_limits import RequestLimits
from zugabe_events.http.streamed_body import PIECE_BYTES, StreamedBody
from zugabe_testing.callers import known

WISH = "/dealers/acme/wishes/w1"
HEADERS = {"Authorization": "Bearer anna", "Content-Type": "application/json"}
GOOD = b'{"title": "Ein F\xc3\xbcller", "cents": 1200}'


def is_problem(response: httpx.Response, *statuses: int) -> list[dict[str, str]]:
    assert response.status_code in statuses, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert len(response.content) < 6000
    errors: list[dict[str, str]] = problem.get("errors", [])
    return errors


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"title": "\xff", "cents": 1}', id="broken UTF-8"),
        pytest.param(b'{"title": "\xed\xa0\x80", "cents": 1}', id="a surrogate in UTF-8"),
        pytest.param('{"title": "a", "cents": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"title": "a", "cents": NaN}', id="NaN"),
        pytest.param(b'{"title": "a", "cents": -Infinity}', id="infinity"),
        pytest.param(b'{"title": "a", "cents": 1e999}', id="beyond a double"),
        pytest.param(b'{"title": "a", "cents": ' + b"9" * 5000 + b"}", id="5,000 digits"),
        pytest.param(b'{"title": "a", "cents": ' + b"9" * 4000 + b"}", id="4,000 digits"),
        pytest.param(b'{"title": "a", "cents": 1000000000001}', id="too many cents"),
        pytest.param(b'{"title": "a", "cents": -1}', id="negative cents"),
        pytest.param(b'{"title": "a", "cents": 1.0}', id="a float"),
        pytest.param(b'{"title": "a", "cents": "1"}', id="a number as text"),
        pytest.param(b'{"title": "a", "cents": true}', id="true"),
        pytest.param(b'{"title": "\\ud800", "cents": 1}', id="half a surrogate pair"),
        pytest.param(b'{"\\udfff": "a", "cents": 1}', id="half a surrogate pair as name"),
        pytest.param(b'{"title": "a\\u0000b", "cents": 1}', id="NUL"),
        pytest.param(b'{"title": "  ", "cents": 1}', id="blank"),
        pytest.param(b'{"title": "a\\nb", "cents": 1}', id="a second line"),
        pytest.param(b"[" * 50_000, id="deep, not closed"),
        pytest.param(b"[" * 40_000 + b"]" * 40_000, id="deep"),
        pytest.param(b'{"title": ' + b"[" * 900 + b"]" * 900 + b"}", id="not quite so deep"),
        pytest.param(b'{"title": "' + b"x" * 90_000 + b'", "cents": 1}', id="a long text"),
        pytest.param(b'{"' + b"x" * 90_000 + b'": 1}', id="a long name"),
        pytest.param(json.dumps({str(n): n for n in range(5000)}).encode(), id="many names"),
        pytest.param(b'{"title": "a", "cents": 1, "$where": "1"}', id="an unknown field"),
        pytest.param(b'{"title": {"$gt": ""}, "cents": 1}', id="an operator"),
        pytest.param(b'{"title": "a", "cents": 1, "tags": ["a/b"]}', id="an id with a slash"),
        pytest.param(b'{"title": "a", "cents": 1, "on": 20200101}', id="a number as day"),
        pytest.param(b'{"title": "a", "cents": 1, "on": "9999-12-31"}', id="the last day"),
        pytest.param(b'{"title": "a", "cents": 1, "at": 1}', id="a number as instant"),
        pytest.param(b'{"title": "a", "cents": 1, "at": "1"}', id="digits as instant"),
        pytest.param(b'{"title": "a", "cents": 1, "at": "2026-01-01T00:00"}', id="no zone"),
        pytest.param(b'{"title": "a", "cents": 1, "at": "9999-12-31T23:59Z"}', id="last instant"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{", id="half an object"),
        pytest.param(GOOD + GOOD, id="two objects"),
    ],
)
async def test_a_body_that_is_no_wish_is_a_problem(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.put(WISH, content=body, headers=HEADERS)
    for error in is_problem(answer, 422):
        assert error["where"].startswith("body")
        assert error["detail"].endswith(".")
        assert len(error["where"]) + len(error["detail"]) <= 400
    assert "x" * 100 not in answer.text
    assert "NaN" not in answer.text


async def test_what_is_wrong_is_said_in_german(client: httpx.AsyncClient) -> None:
    """X-7"""
    answer = await client.put(WISH, content=b'{"cents": "1", "b": 1}', headers=HEADERS)
    assert is_problem(answer, 422) == [
        {"where": "body.title", "detail": "Diese Angabe fehlt."},
        {"where": "body.cents", "detail": "Erwartet wird eine ganze Zahl."},
        {"where": "body.b", "detail": "Diese Angabe ist unbekannt."},
    ]


async def test_a_flood_of_unknown_fields_is_refused_as_one(client: httpx.AsyncClient) -> None:
    """Each would be described, which takes seconds for a body of a megabyte."""
    wish = {"title": "a", "cents": 1, **{str(number): 1 for number in range(1_000)}}
    answer = await client.put(WISH, content=json.dumps(wish), headers=HEADERS)
    assert is_problem(answer, 422) == [
        {"where": "body", "detail": "Zu viele Angaben sind unbekannt."}
    ]


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/xml", "json;,", "text/json", ""]
)
async def test_a_body_of_another_kind_is_a_problem(client: httpx.AsyncClient, kind: str) -> None:
    """D21"""
    headers = {**HEADERS, "Content-Type": kind}
    answer = await client.put(WISH, content=GOOD, headers=headers)
    is_problem(answer, 415)
    assert answer.json()["code"] == "media-type-unsupported"
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/JSON", "application/vnd.x+json"]
)
async def test_json_is_known_by_all_its_names(client: httpx.AsyncClient, kind: str) -> None:
    """D21"""
    headers = {**HEADERS, "Content-Type": kind}
    assert (await client.put(WISH, content=GOOD, headers=headers)).status_code == 201


@pytest.mark.parametrize("text", ["\u200b", "\u00a0", "\u2060\ufeff \u00ad", "\u3164"])
async def test_a_title_that_nobody_sees_is_none(client: httpx.AsyncClient, text: str) -> None:
    """D21"""
    wish = json.dumps({"title": text, "cents": 1200})
    answer = await client.put(WISH, content=wish, headers=HEADERS)
    [error] = is_problem(answer, 422)
    assert error["where"] == "body.title"


@pytest.mark.parametrize("text", ["rgb\u202ecod.exe", "a\u2066b", "a\u202ab"])
async def test_a_title_that_is_read_another_way_than_it_is_written_is_refused(
    client: httpx.AsyncClient, text: str
) -> None:
    """D21: single marks of direction, which names in other scripts need, are possible."""
    wish = json.dumps({"title": text, "cents": 1200})
    [error] = is_problem(await client.put(WISH, content=wish, headers=HEADERS), 422)
    assert error["where"] == "body.title"
    assert "Leserichtung" in error["detail"]
    marked = json.dumps({"title": "a\u200fb", "cents": 1200})
    assert (await client.put(WISH, content=marked, headers=HEADERS)).status_code == 201


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YW5uYTph",
        "Bearer nobody",
        "anna",
        "Bearer " + "a" * 9000,
    ],
)
async def test_without_a_valid_token_nothing_is_told(
    client: httpx.AsyncClient, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = await client.get("/dealers/acme/wishes", headers=headers)
    is_problem(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "wish_id",
    ["a%00b", "%00", "a%2Fb", "..", "%2e%2e%2f", "a%0Ab", "%F0%9F%92%A9", "%ff", "x" * 65],
)
async def test_an_id_is_a_plain_word(client: httpx.AsyncClient, wish_id: str) -> None:
    answer = await client.put(f"/dealers/acme/wishes/{wish_id}", content=GOOD, headers=HEADERS)
    is_problem(answer, 404, 405, 422)


@pytest.mark.parametrize("dealer", ["ACME", "acme%00", "acme%0a", "other", "%61cme%20", "central"])
async def test_no_spelling_of_a_dealer_opens_anothers_door(
    client: httpx.AsyncClient, dealer: str
) -> None:
    """X-16"""
    answer = await client.put(f"/dealers/{dealer}/wishes/w1", content=GOOD, headers=HEADERS)
    is_problem(answer, 403)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Idempotency-Key", b""),
        ("Idempotency-Key", b"a b"),
        ("Idempotency-Key", b"\xff"),
        ("Idempotency-Key", b"k" * 201),
    ],
)
async def test_an_odd_key_is_a_problem(client: httpx.AsyncClient, name: str, value: bytes) -> None:
    """X-12"""
    headers = {**{k.encode(): v.encode() for k, v in HEADERS.items()}, name.encode(): value}
    is_problem(await client.put(WISH, content=GOOD, headers=headers), 422)


@pytest.mark.parametrize(
    "token", ["x", "a.b.c.d", "wishes.1.1.", "wishes.-1.0.1", "1.2.3.4", "w.1.2." + "9" * 5000]
)
async def test_an_odd_token_is_a_problem(client: httpx.AsyncClient, token: str) -> None:
    headers = {**HEADERS, "Zugabe-Token": token}
    is_problem(await client.get("/dealers/acme/wishes", headers=headers), 422)


async def test_too_many_tokens_are_a_problem(client: httpx.AsyncClient) -> None:
    headers = {**HEADERS, "Zugabe-Token": ",".join(["wishes.0.0.1"] * 21)}
    is_problem(await client.get("/dealers/acme/wishes", headers=headers), 422)


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1e3", "NaN", "9" * 5000, "%00", ""])
async def test_an_odd_limit_is_a_problem(client: httpx.AsyncClient, limit: str) -> None:
    is_problem(await client.get(f"/dealers/acme/wishes?limit={limit}", headers=HEADERS), 422)


async def test_a_large_body_is_refused_by_its_announced_length(client: httpx.AsyncClient) -> None:
    headers = {**HEADERS, "Content-Length": "1" + "0" * 30}
    is_problem(await client.put(WISH, content=b"{}", headers=headers), 413)


def streamed(body_timeout_seconds: float = 30) -> tuple[RequestLimits, dict[str, Any]]:
    """A guard before a route that must not get the body, and a request to it."""
    app = FastAPI()
    add_problems(app)

    @app.put(WISH)
    async def reached(request: Request) -> None:
        await request.body()
        raise AssertionError

    scope = {
        "type": "http",
        "method": "PUT",
        "path": WISH,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")],
    }
    return RequestLimits(app, 100_000, uuid4, body_timeout_seconds), scope


async def test_of_a_streamed_body_no_more_is_read_than_is_allowed() -> None:
    """The rest is thrown away, so that the client comes to read the answer."""
    guard, scope = streamed()
    read, sent = 0, list[tuple[int, Message]]()

    async def receive() -> Message:
        nonlocal read
        read += 10_000
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": read < 1_000_000}

    async def send(message: Message) -> None:
        sent.append((read, message))

    await guard(scope, receive, send)
    (_, start), (read_then, body), (read_at_last, end) = sent
    assert start["status"] == 413
    assert json.loads(body["body"])["code"] == "too-large"
    assert read_then <= 120_000
    assert (body["more_body"], end["more_body"]) == (True, False)
    assert read_at_last == 1_000_000


async def test_a_body_that_ends_too_late_is_a_problem() -> None:
    guard, scope = streamed(body_timeout_seconds=0.05)
    sent: list[Message] = []
    gone = False

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        if gone:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": b" ", "more_body": True}

    async def send(message: Message) -> None:
        nonlocal gone
        sent.append(message)
        gone = True

    await guard(scope, receive, send)
    assert sent[0]["status"] == 408
    assert json.loads(sent[1]["body"])["code"] == "request-timeout"


async def test_a_client_that_hangs_up_harms_nobody(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncGenerator[bytes]:
        yield b'{"title": '

    is_problem(await client.put(WISH, content=chunks(), headers=HEADERS), 422)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
wishes = st.fixed_dictionaries({"title": json_values, "cents": json_values}) | json_values


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=st.binary(max_size=60) | wishes.map(json.dumps).map(str.encode))
async def test_no_body_is_a_bug(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.put(WISH, content=body, headers=HEADERS)
    if answer.status_code != 201:
        is_problem(answer, 409, 422)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(
        ["Authorization", "Idempotency-Key", "Zugabe-Token", "X-Correlation-Id", "traceparent"]
    ),
    value=st.binary(max_size=40),
)
async def test_no_header_is_a_bug(client: httpx.AsyncClient, name: str, value: bytes) -> None:
    headers = {**{k.encode(): v.encode() for k, v in HEADERS.items()}, name.encode(): value}
    answer = await client.put(WISH, content=GOOD, headers=headers)
    if answer.status_code != 201:
        is_problem(answer, 401, 422)


async def test_more_than_can_be_done_at_once_is_told_to_come_back() -> None:
    """Before a body is read; health is answered all the same."""
    done = asyncio.Event()

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/livez":
            await done.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = RequestLimits(busy, 1_000, uuid4, max_concurrent_requests=3)
    transport = httpx.ASGITransport(guard)
    async with httpx.AsyncClient(transport=transport, base_url="http://busy") as http:
        working = [asyncio.create_task(http.put("/x", content=b"{}")) for _ in range(3)]
        await asyncio.sleep(0.01)
        refused = await http.put("/x", content=b"{}")
        is_problem(refused, 503)
        assert (refused.json()["code"], refused.headers["retry-after"]) == ("overloaded", "1")
        assert (await http.get("/livez")).status_code == 204
        done.set()
        assert [(await one).status_code for one in working] == [204] * 3
        assert (await http.put("/x", content=b"{}")).status_code == 204


async def test_only_the_routes_that_are_named_take_larger_bodies() -> None:
    """X-10"""
    app = http_app("sample", [], larger_bodies={"PUT /files/{file}": 2_000_000})
    transport = httpx.ASGITransport(app)
    content = b"x" * 1_500_000
    raw = {"Content-Type": "application/octet-stream"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for method, path, status in (
            ("PUT", "/files/a", 404),
            ("POST", "/files/a", 413),
            ("PUT", "/files/a/b", 413),
            ("PUT", "/filesxa", 413),
        ):
            answer = await http.request(method, path, content=content, headers=raw)
            assert answer.status_code == status, path
        answer = await http.put("/files/a", content=content * 2, headers=raw)
        assert answer.status_code == 413


def streaming_app(read: list[int]) -> FastAPI:
    """A service with a route that reads its body piece by piece, after authorization."""
    router = APIRouter()
    access = Access(known(Principal("anna", "central")), {"upload": frozenset({"central"})})

    @router.post("/dealers/{dealer}/uploads")
    async def upload(
        request: Request,
        _: Annotated[RequestContext, Depends(access.requires("upload", streams=True))],
    ) -> dict[str, int]:
        async for piece in request.stream():
            read.append(len(piece))
        return {"bytes": sum(read)}

    @router.post("/dealers/{dealer}/notes")
    async def note(_: Annotated[RequestContext, Depends(access.requires("upload"))]) -> None:
        raise AssertionError

    streamed_bodies = {"POST /dealers/{dealer}/uploads": 3_000_000}
    return http_app("sample", [router], streamed_bodies=streamed_bodies)


async def pieces(number: int) -> AsyncGenerator[bytes]:
    for _ in range(number):
        yield b"x" * 100_000


async def test_a_body_may_be_read_piece_by_piece_up_to_a_limit_of_its_own() -> None:
    """X-10"""
    read: list[int] = []
    transport = httpx.ASGITransport(streaming_app(read))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        url = "/dealers/acme/uploads"
        answer = await http.post(url, content=pieces(30), headers=HEADERS)
        assert answer.json() == {"bytes": 3_000_000}
        assert max(read) == 100_000
        assert "connection" not in answer.headers
        read.clear()
        answer = await http.post(url, content=pieces(40), headers=HEADERS)
        is_problem(answer, 413)
        assert sum(read) == 3_000_000
        assert answer.headers["connection"] == "close"
        read.clear()
        announced = {**HEADERS, "Content-Length": "3000001"}
        is_problem(await http.post(url, content=b"", headers=announced), 413)
        is_problem(await http.post("/dealers/acme/notes", content=pieces(11), headers=HEADERS), 413)
        is_problem(await http.post("/dealers/a/b", content=pieces(11), headers=HEADERS), 404)
        assert read == []


async def test_a_stranger_is_refused_before_a_streamed_body_is_read() -> None:
    """X-10, X-16: the rest is discarded, and the connection closed."""
    read: list[int] = []
    app = streaming_app(read)
    received = 0
    sent: list[tuple[int, Message]] = []

    async def receive() -> Message:
        nonlocal received
        received += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": received < 5}

    async def send(message: Message) -> None:
        sent.append((received, message))

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/dealers/acme/uploads",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer nobody")],
    }
    await app(scope, receive, send)
    (before, start), *_, (after, _) = sent
    assert (start["status"], before, after) == (401, 0, 5)
    assert (b"connection", b"close") in start["headers"]
    assert read == []


async def test_a_streamed_body_that_comes_byte_by_byte_is_a_problem() -> None:
    """S3: at a rate with which it would keep its place for an hour."""

    async def slow() -> Message:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"x", "more_body": True}

    body = StreamedBody(slow, 1_000_000, piece_timeout_seconds=0.1)

    async def read_on() -> None:
        for _ in range(1_000):
            await body()

    with pytest.raises(HTTPException) as refused:
        await read_on()
    assert refused.value.status_code == 408


async def test_a_streamed_body_may_take_its_time_while_enough_of_it_comes() -> None:
    pieces = 5

    async def steady() -> Message:
        nonlocal pieces
        pieces -= 1
        await asyncio.sleep(0.2)
        return {"type": "http.request", "body": b"x" * PIECE_BYTES, "more_body": pieces > 0}

    body = StreamedBody(steady, 10 * PIECE_BYTES, piece_timeout_seconds=0.5)
    while not body.is_complete:
        await body()
    assert pieces == 0


async def test_a_streamed_body_that_does_not_go_on_is_a_problem() -> None:
    """X-10: neither a pause nor a client that hangs up keeps anything busy."""

    async def silent() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    for receive, status in ((silent, 408), (gone, 400)):
        body = StreamedBody(receive, 1_000, piece_timeout_seconds=0.02)
        with pytest.raises(HTTPException) as refused:
            await body()
        assert refused.value.status_code == status
    whole = StreamedBody(silent, 1_000, timeout_seconds=0.02)
    with pytest.raises(HTTPException):
        await whole()
