"""S7, D1: text that looks sealed gets into no field, query, path or header."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import APIRouter, Depends

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.app import http_app
from zugabe_events.http.fields import Body
from zugabe_events.http.principal import principal_of
from zugabe_events.http.reserved_text import TAKES_SEALED
from zugabe_testing.malformed import SEALED_BY_NOBODY as SEALED

WISH = "/dealers/acme/wishes/w1"
HEADERS = {"Authorization": "Bearer anna", "Content-Type": "application/json"}


def places(answer: httpx.Response) -> list[str]:
    assert (answer.status_code, answer.json()["code"]) == (422, "text-reserved"), answer.text
    assert "nosuch" not in answer.text
    return [error["where"] for error in answer.json()["errors"]]


@pytest.mark.parametrize("text", [SEALED, f"Grund {SEALED}", "~ZP1:x", "~z\u200bp1:", "\uff5ezp1:"])
@pytest.mark.parametrize("ascii_only", [True, False])
async def test_a_text_that_looks_sealed_is_refused_and_its_place_named(
    client: httpx.AsyncClient, text: str, ascii_only: bool
) -> None:
    wish = json.dumps({"title": text, "cents": 1200, "tags": ["a", text]}, ensure_ascii=ascii_only)
    answer = await client.put(WISH, content=wish, headers=HEADERS)
    assert places(answer) == ["body.title", "body.tags.1"]


async def test_escaping_its_characters_does_not_hide_it(client: httpx.AsyncClient) -> None:
    escaped = "".join(f"\\u{ord(char):04x}" for char in SEALED)
    wish = f'{{"title": "{escaped}", "cents": 1200}}'.encode()
    assert places(await client.put(WISH, content=wish, headers=HEADERS)) == ["body.title"]


@pytest.mark.parametrize("quoted", [SEALED, quote(SEALED, safe=""), SEALED.replace("~", "%7e")])
async def test_neither_path_nor_query_nor_headers_have_it(
    client: httpx.AsyncClient, quoted: str
) -> None:
    of_path = await client.put(f"{WISH}{quoted}", content=b"{}", headers=HEADERS)
    assert places(of_path) == ["path"]
    of_query = await client.get(f"/dealers/acme/wishes?limit=5&q={quoted}", headers=HEADERS)
    assert places(of_query) == ["query"]
    headers = {**HEADERS, "Idempotency-Key": quoted}
    assert places(await client.put(WISH, content=b"{}", headers=headers)) == [
        "header.idempotency-key"
    ]


async def test_many_places_are_named_up_to_a_bound(client: httpx.AsyncClient) -> None:
    body = json.dumps({"title": [SEALED] * 1_000})
    answer = await client.put(WISH, content=body, headers=HEADERS)
    assert len(places(answer)) == 20


async def test_other_text_with_a_tilde_is_text(client: httpx.AsyncClient) -> None:
    body = json.dumps({"title": "ca. ~5 Stück, zp1: ja", "cents": 1200})
    assert (await client.put(WISH, content=body, headers=HEADERS)).status_code == 201


async def test_only_a_marked_route_takes_sealed_texts() -> None:
    class Texts(Body):
        texts: list[str]

    router = APIRouter()

    @router.post("/opened", dependencies=[Depends(TAKES_SEALED)])
    async def opened(body: Texts) -> int:
        return len(body.texts)

    @router.post("/noted")
    async def noted(body: Texts) -> int:
        return len(body.texts)

    app = http_app("sample", [])
    app.include_router(router)  # as services do with routes that all of them have
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        body = {"texts": [SEALED]}
        assert (await http.post("/opened", json=body)).json() == 1
        assert places(await http.post("/noted", json=body)) == ["body.texts.0"]


@pytest.mark.parametrize("claim", ["name", "family_name", "email"])
def test_no_token_brings_it_either(claim: str) -> None:
    claims: dict[str, Any] = {"sub": "anna", "role": "user", "dealer": "acme", "customer": "c1"}
    text = f"{SEALED}@x.example" if claim == "email" else SEALED
    with pytest.raises(UnauthenticatedError):
        principal_of({**claims, claim: text})
