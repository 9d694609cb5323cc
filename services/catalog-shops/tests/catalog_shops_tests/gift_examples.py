"""A request for each route about gifts; before them, an article that is one."""

from collections.abc import Mapping
from typing import Any

from catalog_shops_tests.service import InMemoryService
from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.examples import Example, with_exports

EDITOR = "dealer-staff+edit-gifts+set-up-history"
OPTIONAL = ("missing", "null")
NOW = ("2026-05-04T10:00:00Z", "2026-01-01T00:00:00Z")
GIFT_ARTICLE = {"name": "Tasse", "use": "gift", "catalogue_flag": 1}


async def list_article(
    service: InMemoryService, number: str = "G-1", dealer: str = "acme", **changes: Any
) -> None:
    """An article of the tenant's catalogue that is listed as a gift."""
    own = dealer != "central" and not dealer.startswith("group.")
    who = "dealer-staff+edit-articles" if own else "central"
    body = {**GIFT_ARTICLE, **changes}
    await service.must(who, "PUT", f"/articles/{number}", body, dealer=dealer)


async def before_gifts(service: InMemoryService) -> None:
    await list_article(service)


GIFT_EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/gift-mode": Example(
        EDITOR,
        {"mode": "from", "effective_at": NOW[1]},
        takes={"body.effective_at": OPTIONAL},
    ),
    "GET /dealers/{dealer}/gift-mode": Example("dealer-staff"),
    "PUT /dealers/{dealer}/gifts/{gift}": Example(
        EDITOR,
        {
            "limit_cents": 10_000,
            "number": "G-1",
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
            "effective_at": NOW[1],
        },
        path={"gift": "cup"},
        takes={"body.valid_until": OPTIONAL, "body.effective_at": OPTIONAL},
    ),
    "GET /dealers/{dealer}/gifts": Example("user", query={"at": NOW[0]}),
    "GET /dealers/{dealer}/gift-choices": Example(
        "user", query={"net_cents": "12500", "at": NOW[0]}
    ),
    **with_exports(
        "GET /dealers/{dealer}/own-gifts",
        Example(
            "dealer-staff",
            query={
                "status": "offered",
                "sort": "number",
                "after": encode_cursor("", "", "number"),
                "limit": "10",
            },
        ),
    ),
    "DELETE /dealers/{dealer}/gifts/{gift}": Example(
        "dealer-staff+edit-gifts", path={"gift": "cup"}
    ),
}
