"""A sample service's answers to well-formed requests."""

from typing import Annotated
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request

from zugabe_events.domain.consistency_token import Token
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access, canonical_body, client_of, person_of
from zugabe_events.http.fields import Id
from zugabe_events.http.principal import Principal, Role
from zugabe_events.http.request_context import RequestContext
from zugabe_events.observability.context import CLIENT_HEADER, PERSON_HEADER
from zugabe_testing.callers import known
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.routes import routes_past_the_dealer, routes_without_right

WISHES = "/dealers/acme/wishes"
WISH = {"title": "Ein Füller", "cents": 1200}


def as_(subject: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {subject}", **more}


def told(response: httpx.Response, status: int, code: str) -> dict[str, object]:
    """The problem that a response must be (X-7)."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, object] = response.json()
    assert problem["code"] == code
    assert problem["type"] == f"urn:zugabe:problem:{code}"
    assert problem["status"] == status
    assert problem["instance"] == response.headers["x-correlation-id"]
    assert problem["title"]
    assert problem["detail"]
    return problem


async def test_what_was_done_is_seen_by_who_brings_the_token_of_the_answer(
    client: httpx.AsyncClient,
) -> None:
    made = await client.put(f"{WISHES}/w1", json=WISH, headers=as_("anna"))
    assert made.status_code == 201
    token = made.headers["zugabe-token"]
    seen = await client.get(WISHES, headers=as_("anna", **{"Zugabe-Token": token}))
    assert seen.json() == {"items": [{"wish_id": "w1", **WISH}], "next": None}


async def test_several_commands_have_one_token_for_each_part_of_the_log(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    wishes = [{**WISH, "title": f"w{number}"} for number in range(40)]
    made = await client.post(f"{WISHES}/list", json=wishes, headers=as_("anna"))
    tokens = [Token.parse(text) for text in made.headers["zugabe-token"].split(",")]
    latest: dict[int, Token] = {}
    for _, appended in store.commits:
        latest[appended.token.part] = appended.token
    assert len(latest) > 1
    assert {token.part: token for token in tokens} == latest
    assert len(tokens) == len(latest)


async def test_only_those_who_may_read_wait_for_what_they_read(
    client: httpx.AsyncClient,
) -> None:
    """X-16"""
    unreadable = {"Zugabe-Token": "unreadable"}
    told(await client.get(WISHES, headers=as_("nobody", **unreadable)), 401, "unauthenticated")
    told(await client.get(WISHES, headers=as_("carl", **unreadable)), 403, "forbidden")
    told(await client.get(WISHES, headers=as_("anna", **unreadable)), 422, "token-invalid")


async def test_a_refusal_carries_its_code_and_its_numbers(client: httpx.AsyncClient) -> None:
    """X-7"""
    answer = await client.put(f"{WISHES}/w1", json={**WISH, "cents": 40}, headers=as_("anna"))
    problem = told(answer, 409, "too-modest")
    assert problem["missing_cents"] == 60
    assert problem["detail"] == "Zu bescheiden."


async def test_the_same_key_with_the_same_request_gives_the_same_answer(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    """X-12"""
    headers = as_("anna", **{"Idempotency-Key": "k-1"})
    first = await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
    again = await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.headers["zugabe-token"] == again.headers["zugabe-token"]
    assert len(store.commits) == 1


async def test_the_same_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    """X-12"""
    headers = as_("anna", **{"Idempotency-Key": "k-1"})
    await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
    other = await client.put(f"{WISHES}/w1", json={**WISH, "cents": 1300}, headers=headers)
    told(other, 422, "idempotency-key-reused")


async def test_the_same_key_on_another_thing_is_refused(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    """X-12, D4, S30"""
    headers = as_("anna", **{"Idempotency-Key": "k-1"})
    await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
    other = await client.put(f"{WISHES}/w2", json=WISH, headers=headers)
    told(other, 422, "idempotency-key-reused")
    assert len(store.commits) == 1


@pytest.mark.parametrize(
    ("key", "same"), [("k-1", '"k-1"'), (r'a"b\c', r'"a\"b\\c"'), ('"half', '"half')]
)
async def test_a_key_in_quotes_is_the_key(
    client: httpx.AsyncClient, store: InMemoryEventStore, key: str, same: str
) -> None:
    """X-12: the draft standard makes it a string of structured fields."""
    for written in (key, same):
        headers = as_("anna", **{"Idempotency-Key": written})
        answer = await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
        assert answer.status_code == 201
    other = await client.put(
        f"{WISHES}/w2", json=WISH, headers=as_("anna", **{"Idempotency-Key": same})
    )
    told(other, 422, "idempotency-key-reused")
    assert len(store.commits) == 1


async def test_two_callers_may_choose_the_same_key(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    """X-12"""
    for user, wish in (("anna", "w1"), ("bert", "w2")):
        headers = as_(user, **{"Idempotency-Key": "k-1"})
        await client.put(f"{WISHES}/{wish}", json=WISH, headers=headers)
    assert len({commit.id for commit, _ in store.commits}) == 2


async def test_a_chosen_id_makes_a_request_repeatable_without_a_key(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    """X-12"""
    answers = [await client.put(f"{WISHES}/w1", json=WISH, headers=as_("anna")) for _ in range(2)]
    assert len({answer.headers["zugabe-token"] for answer in answers}) == 1
    assert len(store.commits) == 1


async def test_requests_without_key_and_chosen_id_are_never_repeats(
    client: httpx.AsyncClient,
) -> None:
    first, second = [
        (await client.post(f"{WISHES}/w1/mend", headers=as_("trusted"))).json() for _ in range(2)
    ]
    assert UUID(first["attempt"]) != UUID(second["attempt"])


async def test_the_log_says_who_asked_and_by_which_request(
    client: httpx.AsyncClient, store: InMemoryEventStore
) -> None:
    """X-13"""
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    headers = as_("anna", **{"X-Correlation-Id": "request-7", "traceparent": parent})
    answer = await client.put(f"{WISHES}/w1", json=WISH, headers=headers)
    context = store.commits[0][0].context
    assert (context.actor, context.role, context.tenant) == ("anna", "user", "acme")
    assert (context.correlation, context.traceparent) == ("request-7", parent)
    assert answer.headers["x-correlation-id"] == "request-7"


@pytest.mark.parametrize("sent", ["a b", "x" * 65, "$where", "é"])
async def test_an_odd_correlation_id_is_replaced(client: httpx.AsyncClient, sent: str) -> None:
    headers = {b"Authorization": b"Bearer anna", b"X-Correlation-Id": sent.encode()}
    answer = await client.get(f"{WISHES}/of/anna", headers=headers)
    assert UUID(answer.json()["correlation"])


async def test_a_user_sees_only_what_is_his_own(client: httpx.AsyncClient) -> None:
    """X-16"""
    assert (await client.get(f"{WISHES}/of/anna", headers=as_("anna"))).status_code == 200
    assert (await client.get(f"{WISHES}/of/anna", headers=as_("staff"))).status_code == 200
    told(await client.get(f"{WISHES}/of/anna", headers=as_("bert")), 403, "forbidden")


async def test_nobody_touches_another_dealers_data(client: httpx.AsyncClient) -> None:
    """X-16"""
    for user in ("carl", "CARL-IS-UNKNOWN"):
        answer = await client.put(f"{WISHES}/w1", json=WISH, headers=as_(user))
        assert answer.status_code in (401, 403)
    told(await client.get(WISHES, headers=as_("carl")), 403, "forbidden")


async def test_central_staff_touch_every_dealer_within_their_rights(
    client: httpx.AsyncClient,
) -> None:
    """X-16, X-28"""
    made = await client.put(f"{WISHES}/w1", json=WISH, headers=as_("central"))
    assert made.status_code == 201
    told(await client.get(WISHES, headers=as_("central")), 403, "forbidden")


@pytest.mark.parametrize("role", ["service", "central"])
async def test_who_works_for_one_tenant_reaches_no_other(role: Role) -> None:
    """S4: a tenant claim binds those who could be everywhere, whatever rights they have."""

    def router(access: Access) -> APIRouter:
        made = APIRouter()

        @made.get("/dealers/{dealer}/wishes")
        async def wishes(
            dealer: Id, request: Annotated[RequestContext, Depends(access.requires("see"))]
        ) -> str:
            return dealer

        @made.get("/partners/{partner}/wishes")
        async def wishes_of_partner(
            partner: Id, request: Annotated[RequestContext, Depends(access.requires("see"))]
        ) -> str:
            return partner

        @made.get("/wishes")
        async def all_wishes(
            request: Annotated[RequestContext, Depends(access.requires("see"))],
        ) -> str:
            return "all"

        return made

    verify = known(
        Principal("shop", role, "acme"),
        Principal("brand", role, partner="acme"),
        Principal("ours", role),
    )
    access = Access(verify, {"see": frozenset({role})})
    transport = httpx.ASGITransport(http_app("sample", [router(access)]))
    async with httpx.AsyncClient(transport=transport, base_url="http://sample") as client:
        paths = ("/dealers/acme", "/dealers/other", "/partners/acme", "/partners/other", "")
        reached = {
            who: [
                path
                for path in paths
                if (await client.get(f"{path}/wishes", headers=as_(who))).status_code == 200
            ]
            for who in ("shop", "brand", "ours")
        }
    assert reached == {"shop": ["/dealers/acme"], "brand": ["/partners/acme"], "ours": list(paths)}


async def test_a_single_right_opens_what_the_role_alone_does_not(
    client: httpx.AsyncClient,
) -> None:
    """X-16"""
    answer = await client.post(f"{WISHES}/w1/mend", headers=as_("staff"))
    assert told(answer, 403, "forbidden")["right"] == "wish.mend"
    answer = await client.post(f"{WISHES}/w1/mend", headers=as_("trusted"))
    assert answer.status_code == 200


async def test_one_of_several_rights_is_enough() -> None:
    """X-16"""
    rights = {"approve": frozenset[str](), "review": frozenset({"dealer-staff"})}
    access = Access(
        known(
            Principal("anna", "user", "acme", "c1"),
            Principal("cleo", "user", "acme", "c1", rights=frozenset({"approve"})),
            Principal("staff", "dealer-staff", "acme"),
        ),
        rights,
    )
    router = APIRouter()

    @router.post("/dealers/{dealer}/approval")
    async def approve(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("approve", "review"))],
    ) -> str:
        return request.principal.subject

    transport = httpx.ASGITransport(http_app("sample", [router]))
    async with httpx.AsyncClient(transport=transport, base_url="http://sample") as client:
        refused = await client.post("/dealers/acme/approval", headers=as_("anna"))
        assert told(refused, 403, "forbidden")["right"] == "approve or review"
        for caller in ("cleo", "staff"):
            answer = await client.post("/dealers/acme/approval", headers=as_(caller))
            assert answer.json() == caller


def test_an_unknown_right_fails_when_the_app_is_built() -> None:
    with pytest.raises(KeyError):
        Access(known(), {}).requires("wish.mkae")


def test_spacing_and_the_order_of_fields_do_not_make_another_request() -> None:
    """X-12"""
    one = canonical_body(b'{"a": 1, "b": [2, {"c": "x"}]}')
    assert one == canonical_body(b'{ "b":[2,{"c":"x"}],"a":1 }')
    assert one != canonical_body(b'{"a": 1, "b": [2, {"c": "y"}]}')
    assert one != canonical_body(b'{"a": 1, "b": [{"c": "x"}, 2]}')
    assert canonical_body(b"not JSON") == b"not JSON"


def test_routes_that_anybody_can_call_are_found(app: FastAPI) -> None:
    """X-16"""
    assert routes_without_right(app) == []
    open_router = APIRouter(prefix="/open")

    @open_router.get("/door")
    async def door() -> None: ...

    guarded = APIRouter(dependencies=[Depends(Access(known(), {"r": frozenset()}).requires("r"))])

    @guarded.get("/guarded")
    async def gate() -> None: ...

    found = http_app("open", [open_router, guarded])
    found.mount("/files", http_app("files", []))
    assert routes_without_right(found) == ["GET /open/door", "/files"]


def test_a_route_that_forgets_the_dealer_is_found(app: FastAPI) -> None:
    """X-16"""
    access = Access(
        known(), {"see": frozenset({"user"}), "tend": frozenset({"central", "service:bonus"})}
    )
    router = APIRouter()

    @router.get("/wishes/{wish_id}")
    async def of_all(
        _: Annotated[RequestContext, Depends(access.requires("see"))], wish_id: str
    ) -> None: ...

    @router.get("/dealers/{dealer}/wishes/{wish_id}")
    async def any_ones(
        _: Annotated[RequestContext, Depends(access.requires("see"))], wish_id: str
    ) -> None: ...

    @router.get("/dealers/{dealer}/wish")
    async def right(
        _: Annotated[RequestContext, Depends(access.requires("see"))], dealer: str
    ) -> None: ...

    @router.get("/wishes")
    async def central(_: Annotated[RequestContext, Depends(access.requires("tend"))]) -> None: ...

    found = http_app("found", [router])
    assert routes_without_right(found) == []
    assert routes_past_the_dealer(found) == [
        "GET /wishes/{wish_id}",
        "GET /dealers/{dealer}/wishes/{wish_id}",
    ]


async def test_a_partner_reaches_his_own_and_no_dealers_things() -> None:
    """X-16: a partner and a dealer of one name are two."""
    partner = Principal("pia", "partner", partner="acme")
    confused = Principal("carl", "dealer-staff", "acme", partner="acme")
    rights = {"see": frozenset({"partner", "dealer-staff", "central"})}
    access = Access(known(partner, confused, Principal("central", "central")), rights)
    router = APIRouter()

    @router.get("/dealers/{dealer}")
    async def of_dealer(
        dealer: Id, request: Annotated[RequestContext, Depends(access.requires("see"))]
    ) -> str:
        return request.context.tenant

    @router.get("/partners/{partner}")
    async def of_partner(
        partner: Id, request: Annotated[RequestContext, Depends(access.requires("see"))]
    ) -> str:
        return request.context.tenant

    @router.get("/all")
    async def of_all(request: Annotated[RequestContext, Depends(access.requires("see"))]) -> str:
        return request.context.tenant

    app = http_app("partners", [router])
    assert routes_past_the_dealer(app) == [
        "GET /dealers/{dealer}",
        "GET /partners/{partner}",
        "GET /all",
    ]
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://zugabe") as http:
        reached = {
            user: [
                (await http.get(path, headers=as_(user))).status_code
                for path in ("/partners/acme", "/partners/other", "/dealers/acme", "/all")
            ]
            for user in ("pia", "carl", "central")
        }
        tenant = (await http.get("/partners/acme", headers=as_("pia"))).json()
    assert reached == {
        "pia": [200, 403, 403, 403],
        "carl": [403, 403, 200, 403],
        "central": [200, 200, 200, 200],
    }
    assert tenant == "acme"


async def test_our_own_services_may_do_only_what_their_names_may() -> None:
    """X-16: `service` means those of others."""
    asking = [Principal(name, "service") for name in ("checkout", "bonus", "a-shop")]
    rights = {"hold": frozenset({"service:checkout"}), "see": frozenset({"service"})}
    access = Access(known(*asking), rights)
    router = APIRouter()
    for right in rights:
        router.add_api_route(
            f"/{right}", lambda: None, dependencies=[Depends(access.requires(right))]
        )
    app = http_app("sample", [router])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        allowed = {
            (caller.subject, right)
            for caller in asking
            for right in rights
            if (await http.get(f"/{right}", headers=as_(caller.subject))).is_success
        }
    assert allowed == {("checkout", "hold"), ("a-shop", "see")}


async def test_an_unknown_address_and_a_wrong_method_are_problems(
    client: httpx.AsyncClient,
) -> None:
    told(await client.get("/nowhere"), 404, "route-unknown")
    answer = await client.delete(WISHES)
    told(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


async def test_a_bug_tells_only_the_id_to_ask_our_logs_with(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post(f"{WISHES}/w1/break", headers=as_("anna"))
    problem = told(answer, 500, "internal")
    assert "secret" not in answer.text
    assert str(problem["instance"]) in caplog.text
    assert "secret" in caplog.text


async def test_what_newer_code_has_stored_is_waited_for(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post(f"{WISHES}/w1/age", headers=as_("anna"))
    told(answer, 503, "outdated")
    assert answer.headers["Retry-After"] == "1"
    assert "secret" not in answer.text
    assert "NewerSchemaError: secret" in caplog.text


async def test_what_the_log_does_not_take_is_too_large(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{WISHES}/w1/swell", headers=as_("anna"))
    told(answer, 413, "too-large")
    assert "secret" not in answer.text


async def test_answers_are_not_kept_or_guessed_at(client: httpx.AsyncClient) -> None:
    for path in ("/livez", "/nowhere", WISHES):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


async def test_a_process_is_alive_before_it_is_ready() -> None:
    is_ready = False

    async def ready() -> bool:
        return is_ready

    app = http_app("slow", [], ready=ready)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://slow"
    ) as client:
        assert (await client.get("/livez")).status_code == 200
        answer = await client.get("/readyz")
        told(answer, 503, "not-ready")
        assert answer.headers["retry-after"] == "1"
        is_ready = True
        assert (await client.get("/readyz")).status_code == 200


async def test_the_document_names_the_bearer_token_and_the_problems(
    client: httpx.AsyncClient,
) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/dealers/{dealer}/wishes/{wish_id}"]["put"]
    assert operation["security"] == [{"bearer": []}]
    assert "application/problem+json" in operation["responses"]["422"]["content"]
    assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize(
    ("role", "connected", "said", "client"),
    [
        ("user", "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("user", "::ffff:203.0.113.7", "", "203.0.113.7"),
        ("user", "127.0.0.1", "", None),
        ("user", "somewhere", "", None),
        ("service", "203.0.113.7", "2001:db8::1", "2001:db8::1"),
        ("service", "203.0.113.7", "", None),
        ("service", "203.0.113.7", "1.2.3.4, 5.6.7.8", None),
    ],
)
def test_a_person_has_the_address_of_his_device(
    role: Role, connected: str, said: str, client: str | None
) -> None:
    """X-29: only a service may pass on another client's address."""
    headers = [(CLIENT_HEADER.lower().encode(), said.encode())]
    request = Request({"type": "http", "client": (connected, 5000), "headers": headers})
    assert client_of(request, Principal("anna", role, "acme")) == client


@pytest.mark.parametrize(
    ("subject", "role", "said", "person"),
    [
        ("anna", "user", "berta", "anna"),
        ("chef", "dealer-staff", "", "chef"),
        ("checkout", "service", "chef", "chef"),
        ("checkout", "service", "", None),
        ("checkout", "service", "a/b", None),
        ("erp", "service", "chef", None),
    ],
)
def test_a_person_stays_known_behind_our_services(
    subject: str, role: Role, said: str, person: str | None
) -> None:
    """X-29: nobody else may name another person."""
    headers = [(PERSON_HEADER.lower().encode(), said.encode())]
    request = Request({"type": "http", "client": ("203.0.113.7", 5000), "headers": headers})
    assert person_of(request, Principal(subject, role, "acme")) == person


async def test_every_list_and_page_has_a_head(client: httpx.AsyncClient) -> None:
    """D21: the same status and headers as GET, and no body; other methods have none."""
    headers = {"Authorization": "Bearer anna", "X-Correlation-Id": "c1"}
    for path in ("/dealers/acme/wishes", "/dealers/acme/wishes/of/bert", "/livez", "/nosuch"):
        got = await client.get(path, headers=headers)
        head = await client.head(path, headers=headers)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers == got.headers
    assert (await client.head("/dealers/acme/wishes/w1/mend", headers=headers)).status_code == 405
    assert (await client.head("/dealers/acme/wishes")).status_code == 401


@pytest.mark.parametrize(
    ("bearer", "path", "line"),
    [
        ("nobody", "/dealers/acme/wishes", "401: GET /dealers/{dealer}/wishes by nobody known"),
        ("carl", "/dealers/acme/wishes", "403: GET /dealers/{dealer}/wishes by user carl"),
        ("anna", "/dealers/acme/wishes/of/bert", "403: GET {of} by user anna"),
    ],
)
async def test_who_was_refused_is_a_line_in_the_log(
    client: httpx.AsyncClient,
    caplog: pytest.LogCaptureFixture,
    bearer: str,
    path: str,
    line: str,
) -> None:
    """S11: with role, subject, tenant, route and address, and nothing of the token."""
    await client.get(path, headers={"Authorization": f"Bearer {bearer}"})
    [record] = [one for one in caplog.records if one.message.startswith("refused with")]
    told = line.replace("{of}", "/dealers/{dealer}/wishes/of/{user}")
    assert record.message == f"refused with {told} for acme from 127.0.0.1"
    caplog.clear()
    await client.get("/dealers/acme/wishes", headers={"Authorization": "Bearer anna"})
    assert not [one for one in caplog.records if one.message.startswith("refused with")]


async def test_a_path_writes_no_line_of_its_own(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    """S11"""
    await client.get("/dealers/a%0Arefused/wishes", headers={"Authorization": "Bearer anna"})
    [record] = [one for one in caplog.records if one.message.startswith("refused with")]
    assert record.message.endswith("by user anna for ? from 127.0.0.1")


@pytest.mark.parametrize(("scheme", "said"), [("http", None), ("https", "max-age=31536000")])
async def test_an_answer_tells_browsers_what_they_may_do(
    app: FastAPI, scheme: str, said: str | None
) -> None:
    """S27"""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://wishes") as http:
        headers = (await http.get("/livez")).headers
    assert headers.get("strict-transport-security") == said
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
