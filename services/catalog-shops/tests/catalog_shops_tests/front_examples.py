"""A request for each page of a front: public, its head, and its preview."""

from collections.abc import Mapping

from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.graphic_examples import IGNORED
from zugabe_testing.examples import DEALER, Example

SHOP, NUMBER, GROUP = "front-shop", "F-1", "ordner"
FREE_TEXT = ("a slash", "broken")
FRONT, PREVIEW = "/dealers/{dealer}/front", "/dealers/{dealer}/front-preview"
AT = {"at": "2026-12-25T12:00:00Z"}

OF_SHOP, OF_ARTICLE = {"url_name": SHOP}, {"article": NUMBER}
PAGES: Mapping[str, Example] = {
    "/header": Example("user"),
    "/start": Example("user"),
    "/no-result": Example("user", query={"q": "Ordner"}, takes={"query.q": FREE_TEXT}),
    "/brand-shops": Example("user", query={"page": "1"}),
    "/theme-shops": Example("user", query={"page": "1"}),
    "/shops/{url_name}": Example("user", path=OF_SHOP),
    "/shops/{url_name}/articles": Example(
        "user", path=OF_SHOP, query={"group": GROUP, "page": "1"}
    ),
    "/shops/{url_name}/articles/{article}": Example("user", path={**OF_SHOP, **OF_ARTICLE}),
    "/articles/{article}": Example("user", path=OF_ARTICLE),
    "/search": Example(
        "user",
        query={"q": "Artikel", "shop": SHOP, "after": "own."},
        takes={"query.q": FREE_TEXT},
    ),
}


async def before_fronts(service: Fronts) -> None:
    """A brand shop with an article in a product group; its dealer shows own shops."""
    await service.place_groups((GROUP, "Ordner", ""))
    await service.name_brand("elba", "Elba")
    await service.offer(NUMBER, "3.49", brand="elba", groups=(GROUP,))
    await service.shop("brand", SHOP, dealer=DEALER, brand="elba", logo=(200, 100))


def public(example: Example) -> Example:
    takes = {**example.takes, **IGNORED}
    return Example(example.caller, path=example.path, query=example.query, takes=takes)


def preview(example: Example) -> Example:
    query = {**example.query, **AT}
    return Example("dealer-staff", path=example.path, query=query, takes=example.takes)


FRONT_EXAMPLES: Mapping[str, Example] = {
    **{f"GET {FRONT}{path}": public(example) for path, example in PAGES.items()},
    **{f"HEAD {FRONT}{path}": public(example) for path, example in PAGES.items()},
    **{f"GET {PREVIEW}{path}": preview(example) for path, example in PAGES.items()},
}

FRONT_PUBLIC = frozenset(f"{method} {FRONT}{path}" for path in PAGES for method in ("GET", "HEAD"))
