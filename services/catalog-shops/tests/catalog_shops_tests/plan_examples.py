"""A request for each route about banners and the media plan."""

from collections.abc import Mapping

from catalog_shops_tests.service import EDITOR, NOON
from catalog_shops_tests.shop_examples import BANNER, OPTIONAL, STAFF, by
from catalog_shops_tests.shops import Shops
from zugabe_testing.examples import Example, with_exports

SHOP = {"dealer": "acme", "shop": "hand"}
OTHER = {"dealer": "acme", "shop": "other"}
BANNERS = "/dealers/{dealer}/banners"
PLAN = "/dealers/{dealer}/media-plan"

B1, ENTRY, YEAR = {"banner_id": "b1"}, {"entry_id": "sommer"}, {"year": "2026"}

PLAN_EXAMPLES: Mapping[str, Example] = {
    f"PUT {BANNERS}/{{banner_id}}": Example(
        EDITOR,
        {
            "page": "shop",
            "file": BANNER,
            "title": "Sommer",
            "link": {"to": "shop", "kind": "theme", "shop": SHOP, "number": None},
            "kind": "theme",
            "shop": SHOP,
            "valid_from": "2026-06-01",
            "valid_until": "2026-06-30",
            "active": True,
        },
        path=B1,
        takes={
            "body.link.number": ("missing", "null"),
            "body.valid_from": OPTIONAL,
            "body.valid_until": OPTIONAL,
            "body.active": ("missing",),
        },
    ),
    f"GET {BANNERS}/{{banner_id}}": Example(STAFF, path=B1),
    **with_exports(f"GET {BANNERS}", Example(STAFF, query={"page": "shop", **by("title")})),
    f"PUT {PLAN}/entries/{{entry_id}}": Example(
        EDITOR,
        {
            "title": "Sommer",
            "first_day": "2026-06-01",
            "last_day": "2026-06-30",
            "shops": [
                {"kind": "theme", "shop": SHOP, "position": None, "replaces": OTHER},
            ],
            "shops_off": [{"kind": "brand", "shop": SHOP}],
            "banners": ["b1"],
            "strikes": [{"kind": "theme", "shop": SHOP, "number": "4711", "strike_price": "3.49"}],
        },
        path=ENTRY,
        takes={
            "body.last_day": OPTIONAL,
            "body.shops": ("missing",),
            "body.shops.0.position": OPTIONAL,
            "body.shops.0.replaces": OPTIONAL,
            "body.shops_off": ("missing",),
            "body.banners": ("missing",),
            "body.strikes": ("missing",),
        },
    ),
    f"GET {PLAN}/entries/{{entry_id}}": Example(STAFF, path=ENTRY),
    f"GET {PLAN}/{{year}}": Example(STAFF, path=YEAR),
    **with_exports(
        f"GET {PLAN}/{{year}}/unlockings", Example(STAFF, path=YEAR, query=by("at", NOON))
    ),
    "GET /dealers/{dealer}/media-plan-conflicts": Example(STAFF),
    "GET /dealers/{dealer}/media-plan-preview": Example(
        STAFF, query={"at": "2026-06-02T12:00:00Z"}
    ),
    f"DELETE {PLAN}/entries/{{entry_id}}": Example(EDITOR, path=ENTRY),
    f"DELETE {BANNERS}/{{banner_id}}": Example(EDITOR, path=B1),
}


async def before_plan(service: Shops) -> None:
    """One more shop, whose place the other one takes."""
    await service.save("theme", "other")
