"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import httpx
from fastapi import FastAPI
from msgspec.structs import replace
from openpyxl import Workbook
from vouchers_tests.estimate_jobs import InMemoryEstimateJobs
from vouchers_tests.unique_codes import InMemoryBatchQueue, InMemoryUniqueCodes

from vouchers.access import RIGHTS
from vouchers.app import create_app
from vouchers.assortment.decider import article_list_history, listing
from vouchers.assortment.view import CATALOGUE
from vouchers.campaign.decider import campaign_history
from vouchers.campaign.uses import CAMPAIGN_USES
from vouchers.campaign.view import CAMPAIGNS
from vouchers.dealer.shipping import SHIPPING
from vouchers.dealer.view import DEALERS
from vouchers.estimate.past_orders import PAST_ORDERS
from vouchers.graphic.default import default_graphic
from vouchers.mail_link.links import Link, Links
from vouchers.newsletter.parts import MAILS_WINDOW, NewsletterParts
from vouchers.orderer.names import Orderers
from vouchers.orderer.view import ORDERERS
from vouchers.participation.view import PARTICIPATIONS
from vouchers.quotas import quotas_by
from vouchers.statistics.api import StatisticsViews
from vouchers.statistics.revenue import REVENUE
from vouchers.statistics.view import CAMPAIGN_STATISTICS, DEALER_STATISTICS, USER_STATISTICS
from vouchers.unique_code.view import CODE_USES
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.guess_limits import WINDOW
from vouchers.wallet.redemptions import REDEEMED
from vouchers.wallet.view import VOUCHERS
from zugabe_events.contracts.catalog_shops import MarketingModuleOrdered
from zugabe_events.contracts.vouchers import CampaignActivated, CampaignTerms, VoucherRedeemed
from zugabe_events.domain.cursor import SortValue, encode_cursor
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import Commit
from zugabe_events.encryption.sealed_text import SealedText
from zugabe_events.files.scanner import NoScanner
from zugabe_events.http.authorization import Access
from zugabe_events.http.throttling import InMemoryTally, Throttle
from zugabe_testing.api_contract import ApiContract
from zugabe_testing.event_store import InMemoryEventStore
from zugabe_testing.examples import (
    CUSTOMER,
    DEALER,
    USER,
    Example,
    ask,
    verify,
    with_exports,
)
from zugabe_testing.files import InMemoryFiles
from zugabe_testing.malformed import HEADERS, NO_TOKENS
from zugabe_testing.personal_data import in_memory_people
from zugabe_testing.pictures import png
from zugabe_testing.views import InMemoryViews, InStep

LINKS = Links(b"s" * 32, "https://vouchers.example")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

PRESET = ("missing",)
OPTIONAL = ("missing", "null")


def by(sort: str, value: SortValue = "") -> Mapping[str, str]:
    return {"sort": sort, "after": encode_cursor(value, "", sort), "limit": "10"}


EDITOR = "dealer-staff+edit-campaigns"

CART = {
    "codes": ["A12345"],
    "customer": CUSTOMER,
    "user": USER,
    "lines": [
        {
            "number": 1,
            "net_cents": 10_000,
            "article": "4711",
            "quantity": 2,
            "brand": "b1",
            "groups": ["g1"],
            "media": ["m1"],
            "voucher_cents": 0,
            "excluded": ["points"],
        }
    ],
    "placed_at": "2026-05-04T12:00:00Z",
}
LABEL = ("empty", "blank")
LINES = {
    "body.lines.0.article": (*LABEL, "missing"),
    "body.lines.0.quantity": PRESET,
    "body.lines.0.brand": (*LABEL, "missing"),
    "body.lines.0.groups": PRESET,
    "body.lines.0.groups.0": LABEL,
    "body.lines.0.media": PRESET,
    "body.lines.0.media.0": LABEL,
    "body.lines.0.voucher_cents": PRESET,
    "body.lines.0.excluded": PRESET,
}

CAMPAIGN = {
    "kind": "own",
    "title": "Frühling",
    "description": "Für alle",
    "code": "A12345",
    "discount_type": "percent",
    "value": 1_000,
    "valid_from": "2026-05-01",
    "valid_until": "2026-05-31",
    "minimum_cents": 0,
    "max_uses": 20,
    "max_per_customer": 10,
    "max_per_user": 2,
    "budget_cents": 1_000_000,
    "combines": True,
    "rank": 10,
    "assortment": {"brands": ["b1"], "medium": "m1", "groups": ["g1"], "article_list": None},
    "unique_codes": False,
    "earning_minimum_cents": 0,
    "valid_days": None,
    "outlasts_cancellation": False,
    "gives_back": True,
    "grace_days": 14,
    "usual_free_shipping_from_cents": 5_000,
}
CAMPAIGN_TAKES = {
    "body.kind": PRESET,
    "body.value": PRESET,
    "body.description": ("empty", "blank", "missing"),
    "body.max_uses": OPTIONAL,
    "body.max_per_customer": OPTIONAL,
    "body.max_per_user": OPTIONAL,
    "body.budget_cents": OPTIONAL,
    "body.combines": PRESET,
    "body.rank": PRESET,
    "body.assortment": PRESET,
    "body.assortment.brands": PRESET,
    "body.assortment.medium": OPTIONAL,
    "body.assortment.groups": PRESET,
    "body.assortment.article_list": OPTIONAL,
    "body.unique_codes": PRESET,
    "body.earning_minimum_cents": PRESET,
    "body.valid_days": OPTIONAL,
    "body.outlasts_cancellation": PRESET,
    "body.gives_back": PRESET,
    "body.grace_days": PRESET,
    "body.usual_free_shipping_from_cents": OPTIONAL,
}
SPRING = {"campaign_id": "spring"}
REASON_TAKES = {"body": ("nothing", "null"), "body.reason": ("empty", "blank", "missing")}


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(sheet: str, *rows: str) -> bytes:
    """Cells are separated by semicolons."""
    book, content = Workbook(write_only=True), BytesIO()
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row.split(";"))
    book.save(content)
    return content.getvalue()


LISTED = listing(DEALER, ["4711"])
ARTICLE_LIST = LISTED.list_id
TERMS = CampaignTerms(
    kind="own",
    title="Zentral",
    description="",
    code="2026A",
    discount_type="percent",
    value=1_000,
    valid_from=date(2026, 5, 1),
    valid_until=date(2026, 5, 31),
    minimum_cents=0,
    max_uses=None,
    max_per_customer=None,
    max_per_user=1,
)
JOINED = {"campaign_id": "central-spring"}

CODED = {"campaign_id": "coded"}

EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/campaigns/{campaign_id}": Example(
        EDITOR, CAMPAIGN, path=SPRING, takes=CAMPAIGN_TAKES
    ),
    "PUT /dealers/{dealer}/campaigns/{campaign_id}/terms": Example(
        EDITOR,
        {**CAMPAIGN, "rank": 20, "version": 1},
        path=SPRING,
        takes=CAMPAIGN_TAKES,
    ),
    "POST /dealers/{dealer}/campaigns/{campaign_id}/copies": Example(
        EDITOR, {"campaign_id": "autumn", "code": "HERBST"}, path=SPRING
    ),
    "DELETE /dealers/{dealer}/campaigns/{campaign_id}": Example(
        EDITOR, path={"campaign_id": "autumn"}
    ),
    "POST /dealers/{dealer}/campaigns/{campaign_id}/activation": Example(
        EDITOR,
        {"version": 2},
        path=SPRING,
        takes={"body": ("nothing", "null"), "body.version": OPTIONAL},
    ),
    "POST /dealers/{dealer}/campaigns/{campaign_id}/pause": Example(
        EDITOR, {"reason": "Zu teuer"}, path=SPRING, takes=REASON_TAKES
    ),
    "POST /dealers/{dealer}/campaigns/{campaign_id}/resumption": Example(EDITOR, path=SPRING),
    "GET /dealers/{dealer}/campaigns/{campaign_id}": Example(
        "dealer-staff", path={"campaign_id": "spring"}
    ),
    "GET /dealers/{dealer}/campaigns/{campaign_id}/versions": Example(
        "dealer-staff", path=SPRING, query={"before": "3"}
    ),
    **with_exports(
        "GET /dealers/{dealer}/campaigns",
        Example(
            "dealer-staff",
            query={
                "status": "active",
                "kind": "own",
                "owner": "central",
                "participation": "joined",
                **by("campaign_id"),
            },
        ),
    ),
    "POST /dealers/{dealer}/central-campaigns/{campaign_id}/participation": Example(
        EDITOR,
        {"minimum_cents": 5_000},
        path=JOINED,
        takes={"body.minimum_cents": OPTIONAL},
    ),
    "PUT /dealers/{dealer}/central-campaigns/{campaign_id}/participation": Example(
        EDITOR,
        {"minimum_cents": 6_000, "version": 1},
        path=JOINED,
        takes={"body.minimum_cents": ("null",)},
    ),
    "GET /dealers/{dealer}/central-campaigns/{campaign_id}": Example("dealer-staff", path=JOINED),
    **with_exports(
        "GET /dealers/{dealer}/central-campaigns",
        Example("dealer-staff", query={"kind": "own", **by("campaign_id")}),
    ),
    **with_exports(
        "GET /central-campaigns/{campaign_id}/participants",
        Example("central", path=JOINED, query={"status": "joined", **by("campaign_id")}),
    ),
    "DELETE /dealers/{dealer}/central-campaigns/{campaign_id}/participation": Example(
        EDITOR, path=JOINED
    ),
    "POST /dealers/{dealer}/article-lists/text": Example(
        EDITOR,
        {"text": "0017\n4711", "added_to": ARTICLE_LIST, "dry_run": False},
        takes={
            "body.text": ("empty", "blank", "10,000 signs"),
            "body.added_to": OPTIONAL,
            "body.dry_run": PRESET,
        },
    ),
    "POST /dealers/{dealer}/voucher-imports/{import_id}/uses": Example(
        "service",
        workbook("Alt", "Kunde;Benutzer;Gutscheincode;Anzahl", "c9;zoe;A12345;2"),
        path={"import_id": "old"},
        query={"sheet": "Alt", "dry_run": "false"},
        media_type=XLSX,
    ),
    "POST /dealers/{dealer}/voucher-imports/{import_id}/issued": Example(
        "service",
        workbook("Alt", "Kunde;Benutzer;Gutscheincode", "c9;zoe;A12345"),
        path={"import_id": "old"},
        query={"sheet": "Alt", "dry_run": "false"},
        media_type=XLSX,
    ),
    "POST /dealers/{dealer}/article-lists/file": Example(
        EDITOR,
        workbook("Artikel", "0018"),
        query={"sheet": "Artikel", "added_to": ARTICLE_LIST, "dry_run": "false"},
        # One sign in UTF-16, and one long word: a number, and a wrong row.
        takes={"body": ("bytes", "a megabyte")},
        media_type=XLSX,
    ),
    "GET /dealers/{dealer}/article-lists/{article_list}": Example(
        EDITOR,
        path={"article_list": ARTICLE_LIST},
        query={"after": encode_cursor(None, "0001", "Artikelnummer"), "limit": "10"},
    ),
    "PUT /dealers/{dealer}/holds/{order_id}/{attempt}": Example(
        "service:checkout",
        {
            **CART,
            "deadline": "2026-05-04T12:10:00Z",
            "quoted": [{"campaign_id": "spring", "version": 1}],
        },
        path={"order_id": "o1", "attempt": "1"},
        takes={**LINES, "body.quoted": PRESET},
    ),
    "POST /dealers/{dealer}/voucher-checks": Example(
        "user",
        {**CART, "order_id": "o1"},
        takes={**LINES, "body.placed_at": OPTIONAL, "body.order_id": OPTIONAL},
    ),
    "GET /dealers/{dealer}/users/{user}/order-vouchers/{order_id}": Example(
        "user", path={"user": USER, "order_id": "o1"}
    ),
    "GET /dealers/{dealer}/customers/{customer}/users/{user}/lent-vouchers": Example(
        "user", path={"customer": CUSTOMER, "user": USER}
    ),
    **with_exports(
        "GET /dealers/{dealer}/users/{user}/vouchers",
        Example("user", path={"user": USER}, query={"order_id": "o1", **by("voucher_id")}),
    ),
    **with_exports(
        "GET /dealers/{dealer}/vouchers",
        Example(
            "dealer-staff",
            query={
                "user": USER,
                "order_id": "o1",
                "campaign_id": "spring",
                "status": "unused",
                **by("voucher_id"),
            },
        ),
    ),
    **with_exports(
        "GET /dealers/{dealer}/redeemed-vouchers",
        Example(
            "dealer-staff",
            query={
                "user": USER,
                "order_id": "o0",
                "campaign_id": "spring",
                "returned": "false",
                "redeemed_from": "2026-01-01",
                "redeemed_until": "2026-12-31",
                **by("-redeemed_at", NOON),
            },
        ),
    ),
    "POST /dealers/{dealer}/campaigns/{campaign_id}/estimate": Example(EDITOR, path=SPRING),
    "PUT /dealers/{dealer}/campaigns/{campaign_id}/unique-code-batches/{batch_id}": Example(
        EDITOR, path={**CODED, "batch_id": "b1"}, body={"count": 3}
    ),
    "GET /dealers/{dealer}/campaigns/{campaign_id}/unique-code-batches": Example(
        EDITOR, path=CODED
    ),
    **with_exports(
        "GET /dealers/{dealer}/campaigns/{campaign_id}/unique-codes",
        Example(EDITOR, path=CODED, query=by("-number", 1)),
    ),
    "GET /dealers/{dealer}/campaigns/{campaign_id}/estimate": Example(EDITOR, path=SPRING),
    **with_exports(
        "GET /dealers/{dealer}/campaign-statistics",
        Example("dealer-staff", query={**by("-revenue_cents", 0), "sums": "true"}),
    ),
    **with_exports(
        "GET /dealers/{dealer}/campaign-statistics/{campaign_id}/users",
        Example(
            "dealer-staff",
            path={"campaign_id": "spring"},
            query={**by("-revenue_cents", 0), "sums": "true"},
        ),
    ),
    **with_exports(
        "GET /central-campaign-statistics",
        Example(
            "central",
            query={
                "campaign_id": "central-spring",
                "participant": DEALER,
                **by("-revenue_cents", 0),
                "sums": "true",
            },
        ),
    ),
    # The last, for it ends the campaign of the others.
    "POST /dealers/{dealer}/campaigns/{campaign_id}/end": Example(
        EDITOR, {"reason": "Ausverkauft"}, path=SPRING, takes=REASON_TAKES
    ),
}

MAIL_LINKS = {
    f"{method} /dealers/{{dealer}}/mail-links/{{token}}": Example(
        "user", path={"token": LINKS.token(Link("objection", DEALER, USER))}
    )
    for method in ("GET", "POST")
}

OBJECTION = "/dealers/{dealer}/users/{user}/advertising-objection"

SUBSCRIPTION = "/dealers/{dealer}/users/{user}/newsletter-subscription"

GRAPHIC = png(480, 2)
LETTER = {"campaign_id": "letter"}
IGNORED = {"header": tuple(HEADERS)}
GET_TAKES = {**IGNORED, "token": tuple(NO_TOKENS)}
"""A public route reads no headers about repeats and tokens."""

SHOWN = {
    "/voucher-graphics/{dealer}/{campaign_id}/{file}": {
        **LETTER,
        "file": sha256(GRAPHIC).hexdigest(),
    },
    "/voucher-graphics/default/{file}": {"file": default_graphic().graphic.file},
}
EXAMPLES_OF_GRAPHICS: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/campaigns/{campaign_id}/graphic": Example(
        EDITOR, GRAPHIC, path=LETTER, media_type="image/png"
    ),
    "GET /dealers/{dealer}/campaigns/{campaign_id}/graphic": Example("dealer-staff", path=LETTER),
    # Of another campaign: the graphic stays.
    "DELETE /dealers/{dealer}/campaigns/{campaign_id}/graphic": Example(
        EDITOR, path={"campaign_id": "spring"}
    ),
    **{
        f"{method} {route}": Example("user", path=path, takes=takes)
        for route, path in SHOWN.items()
        for method, takes in (("GET", GET_TAKES), ("HEAD", IGNORED))
    },
    "GET /dealers/{dealer}/newsletter": Example("user", takes=GET_TAKES),
}
PUBLIC = frozenset(
    {"GET /dealers/{dealer}/newsletter"}
    | {f"{method} {route}" for route in SHOWN for method in ("GET", "HEAD")}
)

EXAMPLES_OF_MAILS: Mapping[str, Example] = {
    f"PUT {SUBSCRIPTION}": Example(
        "service",
        {
            "text_version": 1,
            "email": "anna@example.org",
            "customer": CUSTOMER,
            "name": "Anna Ast",
            "title": "Frau",
            "family_name": "Ast",
        },
        path={"user": USER},
        takes={
            "body.name": OPTIONAL,
            "body.title": OPTIONAL,
            "body.family_name": OPTIONAL,
        },
    ),
    **{
        f"{method} {SUBSCRIPTION}": Example("user", path={"user": USER})
        for method in ("GET", "DELETE")
    },
    **MAIL_LINKS,
    **{
        f"{method} {OBJECTION}": Example("user", path={"user": USER})
        for method in ("PUT", "GET", "DELETE")
    },
    "PUT /dealers/{dealer}/mail-sender": Example(
        EDITOR,
        {"imprint": "Marktplatz 1\n50667 Köln"},
        takes={"body.imprint": ("empty", "blank")},
    ),
    "GET /dealers/{dealer}/mail-sender": Example("dealer-staff"),
}

EXAMPLES = {**EXAMPLES, **EXAMPLES_OF_MAILS, **EXAMPLES_OF_GRAPHICS}


class Seals:
    """Stands in for checkout."""

    async def seal(self, dealer: str, user: str, **texts: str) -> Mapping[str, str]:
        return {
            field: text and str(SealedText("checkout", f"{dealer}/{user}", field, "A" * 40))
            for field, text in texts.items()
        }


class Vouchers:
    """The service after a day on which every route was used once."""

    def __init__(self) -> None:
        self.store = InMemoryEventStore("vouchers", lambda: NOON)
        dealers = InMemoryViews(DEALERS, [])
        for dealer in (DEALER, "other"):
            dealers.fold(MarketingModuleOrdered(dealer, "central", "", NOON))
        self.app = create_app(
            self.store,
            InMemoryViews(CAMPAIGNS, [self.store]),
            InMemoryViews(CAMPAIGN_USES, [self.store]),
            InMemoryViews(PARTICIPATIONS, [self.store]),
            InMemoryViews(VOUCHERS, [self.store]),
            InMemoryViews(REDEEMED, [self.store]),
            dealers,
            InMemoryViews(SHIPPING, []),
            StatisticsViews(
                InMemoryViews(CAMPAIGN_STATISTICS, []),
                InMemoryViews(USER_STATISTICS, []),
                InMemoryViews(DEALER_STATISTICS, []),
                InMemoryViews(REVENUE, []),
            ),
            Orderers(InMemoryViews(ORDERERS, []), in_memory_people("checkout")),
            InMemoryViews(CATALOGUE, []),
            InMemoryViews(PAST_ORDERS, []),
            InMemoryEstimateJobs(),
            InMemoryUniqueCodes(),
            InMemoryBatchQueue(),
            InMemoryViews(CODE_USES, [self.store]),
            InStep(),
            InStep(),
            Access(verify, RIGHTS, lambda: NOON),
            Throttle(InMemoryTally(), WINDOW),
            quotas_by(InMemoryTally()),
            NewsletterParts(LINKS, Seals(), Throttle(InMemoryTally(), MAILS_WINDOW)),
            InMemoryFiles(lambda: NOON),
            NoScanner(),
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://vouchers"
        )

    async def open(self) -> None:
        redeemed = VoucherRedeemed(
            hold_id="o0/1",
            order_id="o0",
            order_number="25706",
            campaign_id="spring",
            voucher_id=None,
            dealer=DEALER,
            customer=CUSTOMER,
            user=USER,
            code="A12345",
            base_cents=10_000,
            discount_cents=1_000,
            redeemed_at=NOON,
        )
        context = Context("policy", "policy", DEALER, NOON, "correlation")
        stream = wallet_history(DEALER, USER).stream
        await self.store.append([Commit(derived_id("o0"), stream, 1, (redeemed,), context)])
        lists = article_list_history(DEALER, ARTICLE_LIST)
        listed = tuple(lists.decider.decide(LISTED, 0))
        await self.store.append([Commit(derived_id("list"), lists.stream, 1, listed, context)])
        central = campaign_history("central", "central-spring").stream
        activated = CampaignActivated("central-spring", "central", 1, TERMS, NOON)
        await self.store.append([Commit(derived_id("c0"), central, 1, (activated,), context)])
        coded = campaign_history(DEALER, "coded").stream
        terms = replace(TERMS, code="FEST", unique_codes=True)
        activated = CampaignActivated("coded", DEALER, 1, terms, NOON)
        await self.store.append([Commit(derived_id("c1"), coded, 1, (activated,), context)])
        letter = campaign_history(DEALER, "letter").stream
        terms = replace(TERMS, newsletter=True)
        activated = CampaignActivated("letter", DEALER, 1, terms, NOON)
        await self.store.append([Commit(derived_id("c2"), letter, 1, (activated,), context)])
        for route, example in EXAMPLES.items():
            answer = await ask(self.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"


class TestVouchers(ApiContract):
    examples = EXAMPLES
    anonymous = frozenset(MAIL_LINKS)
    public = PUBLIC

    def app(self) -> FastAPI:
        return Vouchers().app

    async def opened(self) -> Vouchers:
        service = Vouchers()
        await service.open()
        return service
