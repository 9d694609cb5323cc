"""A request for each route about shops."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256

from catalog_shops.shop.routers import KINDS
from catalog_shops_tests.service import EDITOR, NOON
from catalog_shops_tests.shops import Shops
from zugabe_events.contracts.catalog_shops import ShopKind
from zugabe_events.domain.cursor import SortValue, encode_cursor
from zugabe_testing.examples import Example, with_exports
from zugabe_testing.pictures import png

type Before = Callable[[Shops], Awaitable[None]]

BANNER = sha256(png(690, 2)).hexdigest()

STAFF = "dealer-staff"
OPTIONAL = ("missing", "null")
ANY_TEXT = ("empty", "blank", "missing")


async def before_shops(service: Shops) -> None:
    await service.unlock_own_shops()
    await service.list_articles("4711", brand="leitz")
    await service.name_brand("leitz", "Leitz")


def before_assortment(kind: ShopKind) -> Before:
    """A shop whose assortment is uploaded."""

    async def before(service: Shops) -> None:
        await service.save(kind, "hand", url_name=f"{kind}-hand")

    return before


def top_articles_of(shops: str, shop: str) -> Mapping[str, Example]:
    path = {"shop": shop}
    return {
        f"PUT {shops}/{{shop}}/top-articles/{{article}}": Example(
            EDITOR, path={**path, "article": "4711"}
        ),
        f"PUT {shops}/{{shop}}/top-article-positions": Example(
            EDITOR, {"numbers": ["4711"]}, path=path
        ),
        f"PUT {shops}/{{shop}}/top-article-prices": Example(
            EDITOR,
            {
                "prices": [
                    {
                        "number": "4711",
                        "strike_price": "3.49",
                        "strike_from": "2026-06-01",
                        "strike_until": "2026-06-30",
                    }
                ]
            },
            path=path,
        ),
        f"DELETE {shops}/{{shop}}/top-articles/{{article}}": Example(
            EDITOR, path={**path, "article": "4711"}
        ),
    }


def examples_of(kind: str, shop: str) -> Mapping[str, Example]:
    shops, placement = (
        f"/dealers/{{dealer}}/{kind}-shops",
        f"/dealers/{{dealer}}/{kind}-shop-placement",
    )
    path = {"shop": shop}
    brand = {"brand": "leitz"} if kind == "brand" else {"brand": None}
    return {
        f"PUT {placement}/adoption": Example(EDITOR),
        f"DELETE {placement}/adoption": Example(EDITOR),
        f"PUT {shops}/{{shop}}": Example(
            EDITOR,
            {
                "name": "Büro",
                "url_name": shop,
                "text": "Ordnung [b]seit 1871[\\b]",
                "active": False,
                **brand,
            },
            path=path,
            takes={
                "body.name": OPTIONAL if kind == "brand" else (),
                "body.text": ANY_TEXT,
                "body.active": OPTIONAL,
                "body.brand": OPTIONAL if kind == "brand" else ("missing", "null"),
            },
        ),
        f"GET {shops}/{{shop}}": Example(STAFF, path=path),
        f"PUT {shops}/overview": Example(
            EDITOR, {"text": "Alle Marken"}, takes={"body.text": ("empty", "blank")}
        ),
        f"PUT {shops}/{{shop}}/graphics": Example(
            EDITOR,
            {"places": {"content-banner": BANNER}},
            path=path,
            takes={"body.places.content-banner": ("null",)},
        ),
        f"PUT {shops}/{{shop}}/assortment": Example(
            EDITOR,
            b"Artikelnummer;Topartikel;Streichpreis;G\xfcltig von;G\xfcltig bis\r\n4711;1;;;\r\n",
            path={"shop": "hand"},
            query={"file_name": "sortiment.csv", "dry_run": "false"},
            takes={"query.file_name": ("broken",)},
            media_type="application/octet-stream",
        ),
        **top_articles_of(shops, shop if kind == "brand" else "overview"),
        f"PUT {placement}/active/{{owner}}/{{shop}}": Example(
            EDITOR, path={**path, "owner": "acme"}
        ),
        f"DELETE {placement}/active/{{owner}}/{{shop}}": Example(
            EDITOR, path={**path, "owner": "acme"}
        ),
        f"GET {placement}": Example(STAFF),
        f"PUT {placement}": Example(
            EDITOR, {"based_on": 3, "active": [{"dealer": "acme", "shop": shop}]}
        ),
        **with_exports(
            f"GET {shops}",
            Example(STAFF, query={"active": "true", "owner": "own", **by("position", "active")}),
        ),
        f"POST {shops}/{{shop}}/review": Example(EDITOR, path=path),
        f"DELETE {shops}/{{shop}}": Example(EDITOR, path=path),
    }


def by(sort: str, value: SortValue = "") -> Mapping[str, str]:
    return {"sort": sort, "after": encode_cursor(value, "", sort), "limit": "10"}


SHOP_EXAMPLES: Mapping[str, Example] = {
    **examples_of("brand", "buero"),
    **examples_of("theme", "aktion"),
    **with_exports("GET /dealers/{dealer}/brand-shop-proposals", Example(STAFF, query=by("name"))),
    **with_exports(
        "GET /dealers/{dealer}/shop-reviews", Example(STAFF, query=by("review_due_at", NOON))
    ),
}

BEFORE_SHOPS: Mapping[str, Before] = {
    next(iter(SHOP_EXAMPLES)): before_shops,
    **{
        f"PUT /dealers/{{dealer}}/{kind}-shops/{{shop}}/assortment": before_assortment(kind)
        for kind in KINDS
    },
}
"""What has to be there before a route is used, and no route before it does."""
