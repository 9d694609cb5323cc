"""A request for each route about dealers."""

from collections.abc import Mapping

from catalog_shops_tests.service import SUPPORT
from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.examples import Example, with_exports

DEALER_EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/marketing-module": Example(
        SUPPORT,
        {"gift_source": "group", "group": "group.bueroring"},
    ),
    "POST /dealers/{dealer}/own-shops/unlocking": Example(SUPPORT),
    "PUT /dealers/{dealer}/gift-source": Example(
        f"{SUPPORT}+set-up-history",
        {
            "gift_source": "group",
            "group": "group.bueroring",
            "effective_at": "2026-01-01T00:00:00Z",
        },
        takes={"body.effective_at": ("missing", "null")},
    ),
    "PUT /dealers/{dealer}/name": Example(SUPPORT, {"name": "Bürohaus Müller"}),
    "GET /dealers/{dealer}/modules": Example("dealer-staff"),
    **with_exports(
        "GET /dealers",
        Example(
            "central",
            query={
                "has_module": "true",
                "own_shops": "true",
                "gift_source": "group",
                "sort": "name",
                "after": encode_cursor("acme", "acme", "name"),
                "limit": "10",
            },
        ),
    ),
    "DELETE /dealers/{dealer}/own-shops/unlocking": Example(SUPPORT),
    "DELETE /dealers/{dealer}/marketing-module": Example(SUPPORT),
}
