"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping
from dataclasses import replace as replaced
from io import BytesIO

from bonus_tests.samples import APRIL_1, MARCH_1, line, placed, programme, rules_of
from bonus_tests.service import InMemoryService
from fastapi import FastAPI
from msgspec.structs import replace
from openpyxl import Workbook

from bonus.account.decider import account_history
from bonus.account.order import BookOrder
from zugabe_events.contracts.catalog_shops import GraphicStored
from zugabe_events.domain.cursor import encode_cursor
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.eventstore.command_handler import handle
from zugabe_testing.api_contract import ApiContract
from zugabe_testing.examples import (
    CUSTOMER,
    DEALER,
    USER,
    Example,
    ask,
    verify,
    with_exports,
)

CORRECTOR = "dealer-staff+correct-points"
EDITOR = "dealer-staff+edit-bonus-settings"
PRESET = ("missing",)
OPTIONAL = ("missing", "null")
TODAY = APRIL_1.isoformat()

LINE = {
    "number": 1,
    "net_cents": 9_000,
    "article": "A-1",
    "quantity": 2,
    "brand": "Soennecken",
    "groups": ["Papier"],
    "media": ["Katalog"],
    "voucher_cents": 100,
    "excluded": ["gifts"],
}
OF_LINES = {
    "body.lines.0.article": ("missing", "empty", "blank"),
    "body.lines.0.quantity": PRESET,
    "body.lines.0.brand": ("missing", "empty", "blank"),
    "body.lines.0.groups": PRESET,
    "body.lines.0.groups.0": ("empty", "blank"),
    "body.lines.0.media": PRESET,
    "body.lines.0.media.0": ("empty", "blank"),
    "body.lines.0.voucher_cents": PRESET,
    "body.lines.0.excluded": PRESET,
}

REWARD = "PUT /dealers/{dealer}/programme/rewards/{reward_id}"
PROMOTION = "PUT /dealers/{dealer}/programme/promotions/{promotion_id}"
ADVERTISING = "GET /dealers/{dealer}/programme/advertising"
PAGE = "GET /dealers/{dealer}/programme/page"
TEXTS = "GET /dealers/{dealer}/programme/texts"
ARTICLE_POINTS = "POST /dealers/{dealer}/article-points"
CLOSING = "POST /dealers/{dealer}/programme/closing"
"""Refused while somebody has points."""
OPT_OUT = "POST /dealers/{dealer}/users/{user}/participation/end"
"""Refused without the confirmation that only the question gives."""
CORRECTION_PATH = "/dealers/{dealer}/accounts/{user}/corrections/{correction_id}"
CORRECTION, CONSENT = f"PUT {CORRECTION_PATH}", f"POST {CORRECTION_PATH}/consent"
"""Nobody consents to what they proposed, nor to what was rejected."""
REFUSED = (CLOSING, OPT_OUT, CONSENT)

GRAPHIC = GraphicStored(DEALER, "ab" * 32, "banner", "image/png", 966, 100, 5_000, MARCH_1)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheet: str, *rows: str) -> bytes:
    """Cells are separated by semicolons."""
    book, content = Workbook(write_only=True), BytesIO()
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row.split(";"))
    book.save(content)
    return content.getvalue()


EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/programme": Example(
        EDITOR,
        {
            "points_per_euro": 2,
            "point_value_cents": 1,
            "count_after_discounts": True,
            "pending_days": 14,
            "excluded_groups": ["Kleben & Versenden"],
            "starts_on": "2026-01-01",
            "max_share_basis_points": 5_000,
            "expires_after_months": 24,
            "claw_back": "balance",
            "needs_acceptance": False,
        },
        takes={
            "body.max_share_basis_points": OPTIONAL,
            "body.expires_after_months": OPTIONAL,
            "body.claw_back": PRESET,
            "body.needs_acceptance": PRESET,
            "body.points_per_euro": PRESET,
            "body.point_value_cents": PRESET,
            "body.count_after_discounts": PRESET,
            "body.excluded_groups": PRESET,
        },
    ),
    REWARD: Example(
        EDITOR,
        {
            "title": "5 € Rabatt",
            "short_text": "5 € für Sie",
            "description": "Ein Rabatt auf Ihre Rechnung.",
            "points": 50,
            "discount_cents": 500,
            "percent_basis_points": None,
            "minimum_cents": 1_000,
            "valid_from": "2026-01-01",
            "valid_until": "2027-12-31",
            "position": 1,
        },
        path={"reward_id": "five"},
        takes={
            "body.short_text": OPTIONAL,
            "body.description": ("missing", "empty", "blank"),
            "body.percent_basis_points": OPTIONAL,
            "body.minimum_cents": PRESET,
            "body.valid_from": OPTIONAL,
            "body.valid_until": OPTIONAL,
            "body.position": OPTIONAL,
        },
    ),
    PROMOTION: Example(
        EDITOR,
        {
            "title": "Doppelte Punkte",
            "text": "Im Februar gibt es doppelte Punkte.",
            "factor": 2,
            "brands": ["Soennecken"],
            "product_groups": ["Papier"],
            "valid_from": "2026-02-01",
            "valid_until": "2026-02-28",
        },
        path={"promotion_id": "double"},
        takes={
            "body.text": ("missing", "empty", "blank"),
            "body.brands": PRESET,
            "body.product_groups": PRESET,
            "body.valid_from": OPTIONAL,
            "body.valid_until": OPTIONAL,
        },
    ),
    "POST /dealers/{dealer}/programme/activation": Example(EDITOR),
    "PUT /dealers/{dealer}/customers/{customer}/programme": Example(
        EDITOR, path={"customer": CUSTOMER}
    ),
    "DELETE /dealers/{dealer}/customers/{customer}/programme": Example(
        EDITOR, path={"customer": "c9"}
    ),
    "GET /dealers/{dealer}/customers/{customer}/programme": Example(
        "dealer-staff", path={"customer": CUSTOMER}
    ),
    **with_exports(
        "GET /dealers/{dealer}/customers",
        Example(
            "dealer-staff",
            query={
                "enabled": "true",
                "sort": "customer",
                "after": encode_cursor("", "", "customer"),
                "limit": "10",
            },
        ),
    ),
    "PUT /dealers/{dealer}/customers/{customer}/pooling": Example(
        EDITOR, path={"customer": CUSTOMER}
    ),
    "PUT /dealers/{dealer}/customers/{customer}/points-managers/{user}": Example(
        EDITOR, path={"customer": CUSTOMER, "user": USER}
    ),
    "GET /dealers/{dealer}/customers/{customer}/points": Example(
        "dealer-staff", path={"customer": CUSTOMER}, query={"at": "2026-03-01T12:00:00Z"}
    ),
    "DELETE /dealers/{dealer}/customers/{customer}/points-managers/{user}": Example(
        EDITOR, path={"customer": CUSTOMER, "user": USER}
    ),
    "DELETE /dealers/{dealer}/customers/{customer}/pooling": Example(
        EDITOR, path={"customer": CUSTOMER}
    ),
    "GET /dealers/{dealer}/customers/{customer}/pooling": Example(
        "dealer-staff", path={"customer": CUSTOMER}
    ),
    **with_exports(
        "GET /dealers/{dealer}/customers/{customer}/points/movements",
        Example(
            "dealer-staff",
            path={"customer": CUSTOMER},
            query={
                "kind": "earned",
                "sort": "-at",
                "after": encode_cursor(APRIL_1, "", "-at"),
                "limit": "10",
            },
        ),
    ),
    **with_exports(
        "GET /dealers/{dealer}/pools",
        Example(
            "dealer-staff",
            query={
                "pooled": "false",
                "frozen": "false",
                "sort": "customer",
                "after": encode_cursor("", "", "customer"),
                "limit": "10",
            },
        ),
    ),
    "POST /dealers/{dealer}/programme/deactivation": Example(EDITOR),
    "DELETE /dealers/{dealer}/programme/rewards/{reward_id}": Example(
        EDITOR, path={"reward_id": "ten"}
    ),
    "DELETE /dealers/{dealer}/programme/promotions/{promotion_id}": Example(
        EDITOR, path={"promotion_id": "triple"}
    ),
    CLOSING: Example(EDITOR),
    "GET /dealers/{dealer}/programme": Example(EDITOR),
    "PUT /dealers/{dealer}/programme/banner": Example(
        EDITOR,
        {"shown": True, "file": GRAPHIC.file, "title": "Bonuspunkte"},
        takes={"body.file": (), "body.title": PRESET},
    ),
    "GET /dealers/{dealer}/programme/banner": Example(EDITOR),
    "PUT /dealers/{dealer}/programme/footer-link": Example("central", {"shown": True}),
    ADVERTISING: Example("user"),
    PAGE: Example("user"),
    ARTICLE_POINTS: Example(
        "user",
        {
            "lines": [
                {
                    "article": "A-1",
                    "brand": "Soennecken",
                    "groups": ["Papier"],
                    "net_cents": 9_000,
                    "excluded": ["gifts"],
                }
            ]
        },
        takes={
            "body.lines.0.article": ("empty", "blank"),
            "body.lines.0.brand": ("missing", "empty", "blank"),
            "body.lines.0.groups": PRESET,
            "body.lines.0.groups.0": ("empty", "blank"),
            "body.lines.0.net_cents": PRESET,
            "body.lines.0.excluded": PRESET,
        },
    ),
    "PUT /dealers/{dealer}/programme/texts/{kind}": Example(
        EDITOR,
        {"body": "{Händler} gibt {Punkte}.", "is_material": False},
        path={"kind": "participation"},
        takes={"body.is_material": PRESET, "body.body": ("10,000 signs",)},
    ),
    TEXTS: Example("user"),
    "GET /dealers/{dealer}/users/{user}/programme-texts": Example("user", path={"user": USER}),
    "POST /dealers/{dealer}/users/{user}/acceptances": Example(
        "user",
        {
            "texts": [
                {"kind": "terms", "version": 0},
                {"kind": "privacy", "version": 0},
                {"kind": "participation", "version": 1},
            ]
        },
        path={"user": USER},
    ),
    "POST /dealers/{dealer}/users/{user}/participation/question": Example(
        "user", path={"user": USER}
    ),
    OPT_OUT: Example("user", {"confirmation": "ab" * 16}, path={"user": USER}),
    "PUT /dealers/{dealer}/users/{user}/participation": Example(
        "user",
        {
            "texts": [
                {"kind": "terms", "version": 0},
                {"kind": "privacy", "version": 0},
                {"kind": "participation", "version": 1},
            ]
        },
        path={"user": USER},
    ),
    "GET /dealers/{dealer}/users/{user}/notices": Example("user", path={"user": USER}),
    "POST /dealers/{dealer}/users/{user}/notices/seen": Example(
        "user", {"notices": ["promotion/double/3"]}, path={"user": USER}
    ),
    "PUT /dealers/{dealer}/holds/{order_id}/{attempt}": Example(
        "service:checkout",
        {
            "reward_id": "five",
            "customer": CUSTOMER,
            "user": USER,
            "placed_at": TODAY,
            "deadline": "2026-04-01T12:00:00Z",
            "lines": [LINE],
        },
        path={"order_id": "o1", "attempt": "1"},
        takes=OF_LINES,
    ),
    "POST /dealers/{dealer}/reward-checks": Example(
        "user",
        {
            "reward_id": "five",
            "customer": CUSTOMER,
            "user": USER,
            "placed_at": TODAY,
            "order_id": "o1",
            "lines": [LINE],
            "earning_minimum_cents": 1_000,
        },
        takes={
            "body.reward_id": OPTIONAL,
            "body.placed_at": OPTIONAL,
            "body.order_id": OPTIONAL,
            "body.lines": PRESET,
            "body.earning_minimum_cents": PRESET,
            **OF_LINES,
        },
    ),
    "GET /dealers/{dealer}/accounts/{user}": Example(
        "user", path={"user": USER}, query={"at": "2026-03-01T12:00:00Z"}
    ),
    **with_exports(
        "GET /dealers/{dealer}/accounts/{user}/movements",
        Example(
            "user",
            path={"user": USER},
            query={
                "kind": "earned",
                "sort": "-at",
                "after": encode_cursor(APRIL_1, "", "-at"),
                "limit": "10",
            },
        ),
    ),
    "GET /dealers/{dealer}/liability": Example(EDITOR, query={"day": "2026-05-01"}),
    "GET /dealers/{dealer}/liability/closing": Example(EDITOR, query={"day": "2026-05-01"}),
    **with_exports(
        "GET /dealers/{dealer}/liability/days",
        Example(
            EDITOR,
            query={
                "day_from": "2026-03-01",
                "day_until": "2026-05-01",
                "customer": CUSTOMER,
                "sort": "day",
                "after": encode_cursor(APRIL_1.date(), "", "day"),
                "limit": "10",
            },
        ),
    ),
    **with_exports(
        "GET /dealers/{dealer}/liability/customers",
        Example(
            EDITOR,
            query={
                "day": "2026-05-01",
                "sort": "customer",
                "after": encode_cursor("b", "", "customer"),
                "limit": "10",
            },
        ),
    ),
    CORRECTION: Example(
        CORRECTOR,
        {"customer": CUSTOMER, "points": 2_000, "reason": "Kulanz"},
        path={"user": USER, "correction_id": "k1"},
    ),
    f"DELETE {CORRECTION_PATH}": Example(CORRECTOR, path={"user": USER, "correction_id": "k1"}),
    CONSENT: Example(CORRECTOR, path={"user": USER, "correction_id": "k1"}),
    "POST /dealers/{dealer}/opening-balances": Example(
        "service",
        workbook("Alt", "Kunde;Benutzer;Punkte", f"{CUSTOMER};zoe;5"),
        query={"sheet": "Alt", "dry_run": "false"},
        media_type=XLSX,
    ),
    **with_exports(
        "GET /dealers/{dealer}/accounts",
        Example(
            "dealer-staff",
            query={
                "customer": CUSTOMER,
                "sort": "user",
                "after": encode_cursor("", "", "user"),
                "limit": "10",
            },
        ),
    ),
}


class Bonus(InMemoryService):
    """The service after a day on which every route was used once."""

    def __init__(self) -> None:
        super().__init__(verify, dealer=DEALER)

    async def open(self) -> None:
        await self.set_up_what_is_taken_away()
        order = replace(placed("o0", line(50_000)), dealer=DEALER, user=USER)
        await handle(
            self.store,
            account_history(DEALER, USER),
            BookOrder(order, rules_of(programme()), MARCH_1),
            Context("policy", "policy", DEALER, MARCH_1, "correlation"),
            attempt=derived_id("o0"),
        )
        for route, example in EXAMPLES.items():
            answer = await ask(self.http, route, example)
            assert answer.is_success or route in REFUSED, f"{route}: {answer.text}"

    async def set_up_what_is_taken_away(self) -> None:
        self.graphics.fold(GRAPHIC)
        for route, reward in ((REWARD, {"points": 60}), (PROMOTION, {"factor": 3})):
            example = EXAMPLES[route]
            other = replaced(example, body=example.body | reward)
            await ask(self.http, route, other, reward_id="ten", promotion_id="triple")


class TestBonus(ApiContract):
    examples = EXAMPLES
    anonymous = frozenset({ADVERTISING, PAGE, ARTICLE_POINTS, TEXTS})

    def app(self) -> FastAPI:
        return Bonus().app

    async def opened(self) -> Bonus:
        service = Bonus()
        await service.open()
        return service
