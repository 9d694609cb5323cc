"""X-14, N-9: contracts that some reader could not follow are refused, each with its way out."""

from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import pytest
from jsonschema_rs import validate

from zugabe_events.domain.event import Event, Fact, Instant, Upcast
from zugabe_events.schemas.compatibility import between, breaches
from zugabe_events.schemas.json_schema import Schema, schema_of

TERMS = {"rate": int, "kind": Literal["fixed", "percent"]}
FIELDS = {
    "shop": str,
    "cents": int,
    "note": (str | None, None),
    "terms": msgspec.defstruct("Terms", TERMS.items(), bases=(Fact,), frozen=True),
    "days": tuple[date, ...],
    "opened": Instant,
    "stock": dict[str, int],
}
VERSION = "Or: schema_version 2 with upcasts[1], deployed to all readers first."


def terms(**changed: Any) -> Any:
    """Another name for the part, which is nowhere stored."""
    return msgspec.defstruct("Rules", chosen(TERMS, changed), bases=(Fact,), frozen=True)


def chosen(fields: Mapping[str, Any], changed: Mapping[str, Any]) -> list[Any]:
    """None leaves a field out; a pair is a type and a default. Those with defaults come last."""
    told = [
        (name, *kind) if isinstance(kind, tuple) else (name, kind)
        for name, kind in {**fields, **changed}.items()
        if kind is not None
    ]
    return sorted(told, key=len)


def event(name: str = "ShopOpened", stored_as: str = "shop-opened", **changed: Any) -> Any:
    space = {"stored_as": stored_as, "__annotations__": {"stored_as": ClassVar[str]}}
    return msgspec.defstruct(
        name, chosen(FIELDS, changed), bases=(Event,), frozen=True, namespace=space
    )


def contract(*events: type[Event]) -> dict[str, Schema]:
    return {one.stored_as: schema_of(one) for one in events}


RELEASED = {"shops": contract(event())}


def refused(**changed: Any) -> list[str]:
    return [str(breach) for breach in breaches(RELEASED, {"shops": contract(event(**changed))})]


REFUSALS: Mapping[str, tuple[dict[str, Any], str]] = {
    "a field is removed": (
        {"cents": None},
        "`cents` was removed.\n    Keep the field, even if it is no longer read.",
    ),
    "an optional field is removed": (
        {"note": None},
        "`note` was removed.\n    Keep the field, even if it is no longer read.",
    ),
    "a field is renamed": (
        {"shop": None, "store": str},
        "`shop` was renamed to `store`.\n    Keep its name: what is stored has it.",
    ),
    "a field is retyped": (
        {"cents": str},
        "`cents` was integer and is now string.\n    Keep its type; add another field, with a"
        " default.",
    ),
    "a day becomes an instant": (
        {"days": tuple[Instant, ...]},
        "`days[]` was string (date) and is now string (date-time).\n    Keep its type;",
    ),
    "an instant becomes a text": (
        {"opened": str},
        "`opened` was string (date-time) and is now string.\n    Keep its type;",
    ),
    "one becomes many": (
        {"shop": tuple[str, ...]},
        "`shop` was string and is now array.\n    Keep its type;",
    ),
    "a text becomes one of several": (
        {"shop": Literal["north", "south"]},
        "`shop` was string and is now one of several.\n    Keep its type;",
    ),
    "a field is newly required": (
        {"city": str},
        "`city` is new and required.\n    Give it a default: what is stored does not have it.",
    ),
    "an optional field becomes required": (
        {"note": str | None},
        "`note` is now required.\n    Give it a default:",
    ),
    "a required field becomes optional": (
        {"cents": (int, 0)},
        "`cents` is no longer required.\n    Keep it required: readers count on it.",
    ),
    "a default changes": (
        {"note": (str | None, "-")},
        "`note` has another default: None, now '-'.\n    Keep the default: events from before",
    ),
    "null comes": ({"cents": int | None}, "`cents` can now be null.\n    Keep its type;"),
    "null goes": (
        {"note": (str, "")},
        "`note` can no longer be null.\n    Keep the values that are stored;",
    ),
    "a bound comes": (
        {"cents": Annotated[int, msgspec.Meta(ge=1)]},
        "`cents` has another minimum: None, now 1.\n    Keep its type;",
    ),
    "an enum is narrowed": (
        {"terms": terms(kind=Literal["fixed"])},
        "`terms.kind` can no longer be 'percent'.\n    Keep the values that are stored; let the"
        " decider refuse them from now on.",
    ),
    "an enum is widened": (
        {"terms": terms(kind=Literal["fixed", "percent", "free"])},
        "`terms.kind` can now be 'free'.\n    Readers of today would not know it: say it with a"
        " new event.",
    ),
    "a part loses a field": (
        {"terms": terms(rate=None)},
        "`terms.rate` was removed.\n    Keep the field,",
    ),
    "a part asks for more": (
        {"terms": terms(base=int)},
        "`terms.base` is new and required.\n    Give it a default:",
    ),
    "a part is retyped": (
        {"terms": terms(rate=float)},
        "`terms.rate` was integer and is now number.\n    Keep its type;",
    ),
    "a part becomes a value": (
        {"terms": int},
        "`terms` was object and is now integer.\n    Keep its type;",
    ),
    "values by name are retyped": (
        {"stock": dict[str, str]},
        "`stock{}` was integer and is now string.\n    Keep its type;",
    ),
    "values by name become a part": (
        {"stock": terms()},
        "`stock` takes other additional fields than before.\n    Keep its type;",
    ),
}


@pytest.mark.parametrize("change", REFUSALS)
def test_a_change_that_some_reader_could_not_follow_is_refused(change: str) -> None:
    changed, told = REFUSALS[change]
    assert any(line.startswith(f"shops shop-opened {told}") for line in refused(**changed))
    assert all(VERSION in line for line in refused(**changed))


def test_every_breach_is_told() -> None:
    told = refused(cents=str, city=str, terms=terms(rate=None, kind=Literal["fixed"]))
    fields = [line.split("`")[1] for line in told]
    assert fields == ["cents", "terms.rate", "terms.kind", "city"]


FREE: Mapping[str, dict[str, Any]] = {
    "nothing": {},
    "the class is renamed": {"name": "StoreOpened"},
    "a field with a default": {"city": (str, "")},
    "a field that may be null": {"city": (str | None, None)},
    "a part is renamed": {"terms": terms()},
    "a part has a field with a default": {"terms": terms(base=(int, 0))},
}


@pytest.mark.parametrize("change", FREE)
def test_what_every_reader_can_follow_passes(change: str) -> None:
    assert refused(**FREE[change]) == []


def test_what_passes_is_read_both_ways() -> None:
    """Of any two shapes, whatever the way from one to the other: bodies fit unless refused."""
    shapes = [*FREE.values(), *(changed for changed, _ in REFUSALS.values())]
    schemas = [schema_of(event(**changed)) for changed in shapes]
    passed = [
        (one, other)
        for one, other in product(schemas, schemas)
        if not list(between("shops", "shop-opened", one, other))
    ]
    assert len(schemas) < len(passed) < len(schemas) ** 2 / 2
    for one, other in passed:
        for body in (*one["examples"], *other["examples"]):
            validate(one, body, validate_formats=True)
            validate(other, body, validate_formats=True)


def test_a_new_event_and_a_new_service_pass() -> None:
    closed = event("ShopClosed", "shop-closed")
    present = {"shops": contract(event(), closed), "fairs": contract(event("X", "fair-held"))}
    assert list(breaches(RELEASED, present)) == []


@pytest.mark.parametrize(
    ("present", "told"),
    [
        ({"shops": {}}, "was removed.\n    The log holds such events permanently: keep the class"),
        ({}, "was removed.\n    The log holds such events permanently: keep the class"),
        (
            {"shops": contract(event(stored_as="store-opened"))},
            "is now stored as store-opened.\n    stored_as never changes; the class may have",
        ),
        (
            {"fairs": contract(event())},
            "is now published by fairs.\n    An event stays with its log; add a new one.",
        ),
    ],
    ids=["event", "service", "stored name", "publisher"],
)
def test_an_event_that_is_gone_is_missed(present: dict[str, Any], told: str) -> None:
    [breach] = breaches(RELEASED, present)
    assert str(breach).startswith(f"shops shop-opened {told}")


class Second(Event, frozen=True):
    """Prices are cents now."""

    stored_as: ClassVar[str] = "shop-opened"
    schema_version: ClassVar[int] = 2
    upcasts: ClassVar[Mapping[int, Upcast]] = {1: lambda body: body}

    price: int


def test_a_new_version_may_have_any_shape_and_none_goes_back() -> None:
    second = {"shops": contract(Second)}
    assert list(breaches(RELEASED, second)) == []
    [breach] = breaches(second, RELEASED)
    assert str(breach) == (
        "shops shop-opened went back from schema_version 2 to 1.\n    Keep it, and its upcasts."
    )
