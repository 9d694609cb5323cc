"""A request for each route about articles, product groups, brands and customers."""

from collections.abc import Mapping
from datetime import UTC, datetime

from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.examples import Example, with_exports

EDITOR = "dealer-staff+edit-articles"
FREE_TEXT = ("a slash", "broken")
OPTIONAL = ("missing", "null")
LINE = ("missing", "empty", "blank")
PRICES = {
    "prices": [
        {
            "steps": [{"from_quantity": 1, "amount": "3.49"}],
            "quantity": 100,
            "valid_from": "2026-01-01",
            "valid_until": "2026-12-31",
        }
    ],
    "effective_at": "2026-01-01T00:00:00Z",
}
PRICES_TAKE = {
    "body.prices.0.steps.0.from_quantity": ("missing",),
    "body.prices.0.quantity": ("missing",),
    "body.prices.0.valid_from": OPTIONAL,
    "body.prices.0.valid_until": OPTIONAL,
    "body.effective_at": OPTIONAL,
}
ARTICLE = {
    "name": "Schrauben",
    "text": "Mit [b]Senkkopf[\\b]",
    "manufacturer": "Müller",
    "manufacturer_number": "M-1",
    "brand": "mueller",
    "groups": ["office"],
    "media": ["Katalog"],
    "images": [{"file": "", "source": "schrauben.jpg"}],
    "gtin": "4006381333931",
    "keywords": ["Senkkopf"],
    "order_unit": "C62",
    "tax": "standard",
    "availability": "available",
    "use": "sale",
    "catalogue_flag": 0,
    "flags": ["no-points"],
    "catalogue": "Eisenwaren",
}
ARTICLE_TAKES = {
    "body.text": ("missing", "empty", "blank", "10,000 signs"),
    **{
        f"body.{name}": LINE
        for name in ("manufacturer", "manufacturer_number", "gtin", "order_unit", "catalogue")
    },
    "body.brand": OPTIONAL,
    **{f"body.{name}": ("missing",) for name in ("groups", "media", "images", "keywords", "flags")},
    "body.media.0": ("empty", "blank"),
    "body.keywords.0": ("empty", "blank"),
    "body.images.0.file": LINE,
    "body.images.0.source": LINE,
    **{f"body.{name}": ("missing",) for name in ("tax", "availability", "use", "catalogue_flag")},
    "path.key": ("negative",),
}
NUMBER = {"key": "0017"}
CUSTOMER = {"customer": "c1"}
LISTED = Example(
    "dealer-staff",
    query={
        "status": "listed",
        "use": "sale",
        "brand": "mueller",
        "groups": "office",
        "catalogue": "Eisenwaren",
        "words": "Schraube",
        "sort": "changed_at",
        "after": encode_cursor(datetime(2026, 1, 1, tzinfo=UTC), "", "changed_at"),
        "limit": "10",
    },
    takes={"query.catalogue": FREE_TEXT, "query.words": FREE_TEXT},
)

ARTICLE_EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/product-groups/{group}": Example(
        EDITOR,
        {"name": "Büro", "parent": None},
        path={"group": "office"},
        takes={"body.parent": OPTIONAL},
    ),
    "GET /dealers/{dealer}/product-groups": Example("dealer-staff"),
    "POST /dealers/{dealer}/brands": Example(EDITOR, {"name": "Müller"}),
    "PUT /dealers/{dealer}/brands/{brand}": Example(
        EDITOR, {"name": "Müller & Söhne"}, path={"brand": "mueller"}
    ),
    **with_exports(
        "GET /dealers/{dealer}/brands",
        Example(
            "dealer-staff",
            query={
                "origin": "staff",
                "sort": "name",
                "after": encode_cursor("", "", "name"),
                "limit": "10",
            },
        ),
    ),
    "PUT /dealers/{dealer}/articles/{key}": Example(
        EDITOR, ARTICLE, path=NUMBER, takes=ARTICLE_TAKES
    ),
    "PUT /dealers/{dealer}/articles/{key}/prices": Example(
        "dealer-staff+edit-prices+set-up-history", PRICES, path=NUMBER, takes=PRICES_TAKE
    ),
    "GET /dealers/{dealer}/articles/{key}": Example("dealer-staff", path=NUMBER),
    "GET /dealers/{dealer}/articles/{key}/price": Example(
        "dealer-staff", query={"quantity": "250", "at": "2026-05-04T12:00:00Z"}, path=NUMBER
    ),
    "GET /dealers/{dealer}/article-search": Example(
        "dealer-staff",
        query={
            "q": "Schraube",
            "group": "office",
            "brand": "mueller",
            "use": "sale",
            "after": "own.",
            "limit": "10",
        },
        takes={"query.q": FREE_TEXT},
    ),
    **with_exports("GET /dealers/{dealer}/articles", LISTED),
    **with_exports("GET /dealers/{dealer}/central-articles", LISTED),
    "PUT /dealers/{dealer}/customers/{customer}/exclusions": Example(
        "dealer-staff+edit-customers+set-up-history",
        {
            "excluded": ["gifts"],
            "contract_priced": True,
            "effective_at": "2026-01-01T00:00:00Z",
        },
        path=CUSTOMER,
        takes={"body.contract_priced": ("missing",), "body.effective_at": OPTIONAL},
    ),
    "GET /dealers/{dealer}/customers/{customer}/exclusions": Example("dealer-staff", path=CUSTOMER),
    "PUT /dealers/{dealer}/customers/{customer}/prices/{key}": Example(
        "dealer-staff+edit-customers+set-up-history",
        PRICES,
        path=CUSTOMER | NUMBER,
        takes=PRICES_TAKE,
    ),
    "GET /dealers/{dealer}/customers/{customer}/prices/{key}": Example(
        "dealer-staff",
        query={"quantity": "250", "at": "2026-05-04T12:00:00Z"},
        path=CUSTOMER | NUMBER,
    ),
    **with_exports(
        "GET /dealers/{dealer}/customers",
        Example(
            "dealer-staff",
            query={
                "excluded": "gifts",
                "contract_priced": "true",
                "sort": "customer",
                "after": encode_cursor("", "", "customer"),
                "limit": "10",
            },
        ),
    ),
    **with_exports(
        "GET /dealers/{dealer}/customers/{customer}/prices",
        Example(
            "dealer-staff",
            query={
                "has_prices": "true",
                "sort": "number",
                "after": encode_cursor("", "", "number"),
                "limit": "10",
            },
            path=CUSTOMER,
        ),
    ),
    "DELETE /dealers/{dealer}/articles/{key}": Example(EDITOR, path=NUMBER),
    "DELETE /dealers/{dealer}/product-groups/{group}": Example(EDITOR, path={"group": "office"}),
}
