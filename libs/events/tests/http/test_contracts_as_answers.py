"""Contracts are answers of routes: as they are, inside views, and in OpenAPI."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ClassVar

import httpx
import msgspec
import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter, ValidationError

from zugabe_events.domain.event import Event, Fact, Instant, Personal


class Item(Fact, frozen=True):
    """One position."""

    cents: int
    shares: tuple[int, ...]
    until: date | None = None
    note: Personal = ""
    sold: dict[str, int] = msgspec.field(default_factory=dict)


class ItemSold(Event, frozen=True):
    stored_as: ClassVar[str] = "item-sold"

    items: tuple[Item, ...]
    sold_at: Instant


@dataclass(frozen=True, slots=True)
class SaleView:
    event: ItemSold
    best: Item | None = None


ITEM = Item(1200, (600, 600), date(2026, 5, 4))
SOLD = ItemSold((ITEM,), datetime(2026, 5, 4, 12, tzinfo=UTC))
JSON = {"cents": 1200, "shares": [600, 600], "until": "2026-05-04", "note": "", "sold": {}}


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()

    @app.get("/event")
    async def event() -> ItemSold:
        return SOLD

    @app.get("/views")
    async def views() -> list[SaleView]:
        return [SaleView(SOLD, ITEM), SaleView(SOLD)]

    return app


async def test_a_contract_is_an_answer_as_it_is_and_inside_a_view(app: FastAPI) -> None:
    sold = {"items": [JSON], "sold_at": "2026-05-04T12:00:00Z"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as http:
        assert (await http.get("/event")).json() == sold
        assert (await http.get("/views")).json() == [
            {"event": sold, "best": JSON},
            {"event": sold, "best": None},
        ]


def test_openapi_describes_it_by_its_fields(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["Item"]["description"] == "One position."
    assert schemas["Item"]["required"] == ["cents", "shares", "until", "note", "sold"]
    assert schemas["Item"]["properties"]["shares"]["items"] == {"type": "integer"}
    assert schemas["ItemSold"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/Item"
    }
    assert schemas["ItemSold"]["properties"]["sold_at"] == {"$ref": "#/components/schemas/Instant"}
    assert schemas["Instant"] == {"type": "string", "format": "date-time"}
    assert "stored_as" not in schemas["ItemSold"]["properties"]


def test_a_field_with_a_default_is_optional_only_as_input() -> None:
    assert TypeAdapter(Item).json_schema(mode="validation")["required"] == ["cents", "shares"]
    old = TypeAdapter(Item).validate_python({"cents": 1, "shares": [1]})
    assert TypeAdapter(Item).dump_python(old) == {
        "cents": 1,
        "shares": (1,),
        "until": None,
        "note": "",
        "sold": {},
    }


def test_what_is_no_instance_is_converted_or_refused() -> None:
    adapter = TypeAdapter(Item)
    assert adapter.validate_python(JSON) == ITEM
    with pytest.raises(ValidationError):
        adapter.validate_python({**JSON, "cents": "many"})
