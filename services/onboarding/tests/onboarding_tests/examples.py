"""A request that each route accepts, in the order of an onboarding; forms stand beside."""

from collections.abc import Mapping
from uuid import UUID

from onboarding_tests.form_examples import BRAND, FORMS, OF_BRAND, OF_PARTNER, PDF, by
from onboarding_tests.form_takes import OF_THE_LOG
from onboarding_tests.office import LINKS
from onboarding_tests.samples import NOON
from zugabe_events.domain.cursor import encode_cursor
from zugabe_testing.examples import DEALER, USER, Example, with_exports

PHASE = f"POST {OF_BRAND}/phases/{{phase}}/completion"
PLATFORM = f"{OF_BRAND}/platforms/{{platform}}"
OTTO = {**BRAND, "platform": "otto"}
ODD_TEXTS = ("a slash", "broken")
CONTACT = {"contact_id": USER, "name": "Anna Ast", "email": "anna@example.org"}
LATEST_LINK = LINKS.issue(DEALER, USER, NOON).partition("?link=")[2]
"""Everything in these examples happens at one instant."""
TYPES = b"Produkttyp;Gruppe\r\nHose;Bekleidung\r\n"
PARTNERS = (
    b"Partner;Firma;Ansprechpartner;E-Mail;Marke;Markenname\r\n"
    b"nord;Nord GmbH;Kim Kai;kim@example.org;fjord;Fjord\r\n"
)
MISSING = ("missing",)
OPTIONAL = ("missing", "null")


def table(content: bytes) -> Example:
    return Example(
        "central",
        content,
        query={"dry_run": "true", "sheet": "Tabelle1"},
        takes={"query.sheet": ODD_TEXTS},
        media_type="text/csv",
    )


def reason(**path: str) -> Example:
    return Example("central", {"reason": "Inventur"}, path=path)


AT_CENTRAL: Mapping[str, Example] = {
    "PUT /warehouses/{warehouse}": Example(
        "central",
        {"name": "Hamburg", "address": "Kai 1", "conditions": "Werktags bis 14 Uhr"},
        path={"warehouse": "hamburg"},
    ),
    "GET /warehouses/{warehouse}": Example("central", path={"warehouse": "hamburg"}),
    **with_exports("GET /warehouses", Example("central", query=by("name"))),
    "PUT /product-types/{product_type}": Example(
        "central", {"label": "Jacke", "group": "Bekleidung"}, path={"product_type": "jacke"}
    ),
    "POST /product-type-imports": table(TYPES),
    **with_exports(
        "GET /product-types",
        Example(
            "central",
            query={"group": "Bekleidung", "status": "implemented", **by("label")},
            takes={"query.group": ODD_TEXTS},
        ),
    ),
    "POST /partner-imports": table(PARTNERS),
}

OF_THE_PARTNER: Mapping[str, Example] = {
    f"PUT {OF_PARTNER}": Example("central", {"name": "Nordwind GmbH", "contact": CONTACT}),
    f"PUT {OF_PARTNER}/manager": Example(
        "central", {"manager_id": "maxi", "name": "Maxi Meise", "email": "maxi@example.org"}
    ),
    f"PUT {OF_BRAND}": Example("central", {"name": "Nordkap"}, path=BRAND),
    f"POST {OF_PARTNER}/welcome": Example("central"),
    f"DELETE {OF_PARTNER}/link": Example("central"),
    f"POST {OF_PARTNER}/link": Example(
        "central", {"contact": CONTACT}, takes={"body.contact": OPTIONAL}
    ),
    f"POST {OF_PARTNER}/sessions": Example("service", {"link": LATEST_LINK}),
    f"POST {OF_PARTNER}/link-requests": Example(
        "service",
        {"link": LATEST_LINK, "email": "anna@example.org"},
        takes={"body.link": OPTIONAL, "body.email": OPTIONAL},
    ),
    f"GET {OF_PARTNER}": Example("partner"),
    f"GET {OF_PARTNER}/material": Example("partner"),
    "PUT /material/{item}": Example(
        "central",
        PDF,
        query={
            "title": "Insights",
            "file_name": "insights.pdf",
            "kind": "document",
            "phase": "organisation",
            "step": "releases",
            "shown_from": "organisation",
            "platform": "otto",
        },
        path={"item": "insights"},
        media_type="application/octet-stream",
        takes={"query.title": ("a slash", "broken"), "query.file_name": ("broken",)},
    ),
    **with_exports("GET /material", Example("central", query=by("item"))),
    f"GET {OF_PARTNER}/material/{{item}}": Example(
        "partner", path={"item": "insights"}, takes=OF_THE_LOG
    ),
    "DELETE /material/{item}": Example("central", path={"item": "faq"}),
    f"POST {OF_BRAND}/reminders": Example("central", query={"again": "false"}, path=BRAND),
    f"PUT {OF_PARTNER}/name": Example("central", {"name": "Nordwind AG"}),
    f"PUT {OF_BRAND}/name": Example("central", {"name": "Nordkapp"}, path=BRAND),
}

OF_THE_BRAND: Mapping[str, Example] = {
    f"PUT {OF_BRAND}/product-types": Example(
        "partner", {"product_types": ["Jacke", "Kajak"]}, path=BRAND
    ),
    f"GET {OF_BRAND}/product-types": Example("partner", path=BRAND),
    f"POST {OF_BRAND}/data-model-requests": Example(
        "partner", {"product_types": ["kajak"]}, path=BRAND, takes={"body.product_types": MISSING}
    ),
    **with_exports(
        f"GET {OF_PARTNER}/product-types",
        Example(
            "partner",
            query={"group": "Bekleidung", **by("label")},
            takes={"query.group": ODD_TEXTS},
        ),
    ),
    f"PUT {OF_BRAND}/warehouse": Example("central", {"warehouse": "hamburg"}, path=BRAND),
    f"GET {OF_BRAND}/warehouse": Example("partner", path=BRAND),
    f"GET {OF_BRAND}/history": Example(
        "central",
        path=BRAND,
        query={"limit": "10", "after": encode_cursor(NOON, str(UUID(int=0)), "history")},
        takes=OF_THE_LOG,
    ),
    f"PUT {OF_BRAND}/waivers/{{requirement}}": reason(**BRAND, requirement="form:contacts"),
    f"POST {PLATFORM}/request": Example("central", path=OTTO),
    f"POST {PLATFORM}/grant": Example("central", path=OTTO),
    f"POST {PLATFORM}/refusal": reason(**{**BRAND, "platform": "amazon"}),
    f"POST {PLATFORM}/withdrawal": reason(**{**BRAND, "platform": "zalando"}),
    f"PUT {PLATFORM}/preconditions/{{precondition}}": Example(
        "central", path={**BRAND, "platform": "amazon", "precondition": "administrators"}
    ),
    PHASE: Example("central", path={**BRAND, "phase": "organisation"}),
    f"POST {OF_BRAND}/articles": Example(
        "partner", {"articles": [{"article": "0017", "product_type": "jacke"}]}, path=BRAND
    ),
    f"POST {OF_BRAND}/left-out-articles": Example(
        "central", {"articles": ["0018"], "reason": "Ausgelistet"}, path=BRAND
    ),
    f"POST {OF_BRAND}/content": Example(
        "service",
        {"texts": ["0017"], "images": ["0017"]},
        path=BRAND,
        takes={"body.texts": MISSING, "body.images": MISSING},
    ),
    f"PUT {OF_BRAND}/deliveries/{{delivery}}": Example(
        "partner",
        {"expected_on": "2026-06-01", "pieces": 40},
        path={**BRAND, "delivery": "d1"},
    ),
    f"PUT {OF_BRAND}/goods-receipts/{{receipt}}": Example(
        "service",
        {"received_on": "2026-05-04", "pieces": 40},
        path={**BRAND, "receipt": "w1"},
    ),
    f"POST {PLATFORM}/articles": Example("service", {"articles": ["0017"]}, path=OTTO),
    f"PUT {OF_BRAND}/reporting": Example(
        "central",
        {
            "reporting_url": "https://bi.example.org",
            "data_links": ["https://bi.example.org/d"],
            "again": False,
        },
        path=BRAND,
        takes={"body.again": MISSING},
    ),
    f"GET {OF_PARTNER}/brands": Example("partner"),
    f"GET {OF_BRAND}": Example("partner", path=BRAND),
}

AT_LAST: Mapping[str, Example] = {
    **with_exports(
        "GET /board",
        Example(
            "central",
            query={
                "partner": "acme",
                "phase": "live",
                "status": "running",
                "manager": "maxi",
                "waits_for": "central",
                "overdue": "false",
                **by("partner"),
            },
        ),
    ),
    "GET /lead-times": Example("central"),
    f"POST {OF_PARTNER}/pause": reason(),
    f"POST {OF_PARTNER}/resumption": Example("central"),
    f"POST {OF_PARTNER}/closure": reason(partner="gone"),
}

EXAMPLES: Mapping[str, Example] = {
    **AT_CENTRAL,
    **OF_THE_PARTNER,
    **FORMS,
    **OF_THE_BRAND,
    **AT_LAST,
}

DELIVERED = f"PUT {OF_BRAND}/goods-receipts/{{receipt}}"
BEFORE: Mapping[str, tuple[tuple[str, Example], ...]] = {
    f"POST {PLATFORM}/refusal": (
        (f"POST {PLATFORM}/request", Example("central", path={**BRAND, "platform": "amazon"})),
    ),
    f"POST {PLATFORM}/withdrawal": (
        (f"POST {PLATFORM}/request", Example("central", path={**BRAND, "platform": "zalando"})),
    ),
    f"POST {OF_BRAND}/left-out-articles": (
        (
            f"POST {OF_BRAND}/articles",
            Example(
                "partner",
                {"articles": [{"article": "0018", "product_type": "jacke"}]},
                path=BRAND,
            ),
        ),
    ),
    PHASE: tuple(
        (
            f"PUT {OF_BRAND}/waivers/{{requirement}}",
            reason(**BRAND, requirement=f"form:{step}"),
        )
        for step in ("data-models", "warehouse", "customer-service")
    ),
    f"PUT {OF_BRAND}/deliveries/{{delivery}}": (
        (PHASE, Example("central", path={**BRAND, "phase": "content"})),
    ),
    f"POST {PLATFORM}/articles": (
        (PHASE, Example("central", path={**BRAND, "phase": "logistics"})),
    ),
    "DELETE /material/{item}": (
        (
            "PUT /material/{item}",
            Example(
                "central",
                PDF,
                query={
                    "title": "FAQ",
                    "file_name": "faq.pdf",
                    "kind": "document",
                    "phase": "content",
                },
                path={"item": "faq"},
                media_type="application/octet-stream",
            ),
        ),
    ),
    f"POST {OF_PARTNER}/closure": (
        (
            f"PUT {OF_PARTNER}",
            Example("central", {"name": "Fort", "contact": CONTACT}, path={"partner": "gone"}),
        ),
    ),
}
"""Steps needed before a route can be used, by routes that have an example of their own."""
