"""Checks of a cart against a campaign of 100,000 articles, and against an unrestricted one."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx
import msgspec
from fastapi import FastAPI

from benchmarks.measuring import Result, in_turns
from benchmarks.samples import context, fresh_log
from vouchers.access import RIGHTS
from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.catalogue import Catalogue
from vouchers.assortment.decider import article_list_history, listing
from vouchers.assortment.restrictions import Restrictions
from vouchers.assortment.view import CATALOGUE
from vouchers.campaign.code import ClaimCode, code_history
from vouchers.campaign.decider import ActivateCampaign, DrawUpCampaign, campaign_history
from vouchers.unique_code.codes import MongoUniqueCodes
from vouchers.wallet.api import wallet_api
from vouchers.wallet.guess_limits import WINDOW
from zugabe.testing import Parts
from zugabe_events.contracts.vouchers import (
    Assortment,
    CampaignTerms,
    CodeClaimed,
    VoucherCheck,
    VouchersEvent,
)
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import EventTypes
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.http.throttling import InMemoryTally, Throttle
from zugabe_testing.callers import known, signed_in
from zugabe_testing.views import InMemoryViews, InStep

ARTICLES, LINES, CHECKS, ROUNDS = 100_000, 50, 60, 15
MAX_COST = 1.5
"""Of a restricted check, by that of an unrestricted one."""

ANNA = Principal("anna", "user", "acme", "k1")
TERMS = CampaignTerms(
    kind="own",
    title="Frühling",
    description="",
    code="FREI",
    discount_type="percent",
    value=1_000,
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    minimum_cents=0,
    max_uses=None,
    max_per_customer=None,
    max_per_user=1_000,
)


def article(number: int) -> str:
    return f"{number:08}"


async def run(parts: Parts) -> list[Result]:
    async with fresh_log(parts.mongo) as (db, identity):
        store = MongoEventStore(db, identity, EventTypes.of(VouchersEvent))
        listed = listing("acme", map(article, range(ARTICLES)))
        await did(store, article_list_history("acme", listed.list_id), listed)
        restricted = msgspec.structs.replace(
            TERMS, code="LISTE", assortment=Assortment(article_list=listed.list_id)
        )
        for terms in (TERMS, restricted):
            campaign = terms.code.lower()
            claim = ClaimCode(CodeClaimed("acme", campaign, campaign))
            await did(store, code_history("acme", terms.code), claim)
            history = campaign_history("acme", campaign)
            await did(store, history, DrawUpCampaign("acme", campaign, terms))
            await did(store, history, ActivateCampaign(datetime(2026, 1, 1, tzinfo=UTC)))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app_over(store)), base_url="http://vouchers"
        ) as http:
            return [
                await in_turns(
                    f"check of {LINES} lines against {ARTICLES:,} articles, against an "
                    "unrestricted one",
                    checks(http, "LISTE"),
                    checks(http, "FREI"),
                    bar=1 / MAX_COST,
                    rounds=ROUNDS,
                )
            ]


async def did(store: MongoEventStore, history: History[Any, Any], command: object) -> None:
    await handle(store, history, command, context(), attempt=uuid4())


def app_over(store: MongoEventStore) -> FastAPI:
    restrictions = Restrictions(ArticleLists(store), Catalogue(InMemoryViews(CATALOGUE, [])))
    access, guesses = Access(known(ANNA), RIGHTS), Throttle(InMemoryTally(), WINDOW)
    codes = MongoUniqueCodes(store.db)
    return http_app(
        "vouchers", [wallet_api(store, restrictions, codes, InStep(), InStep(), access, guesses)]
    )


def checks(http: httpx.AsyncClient, code: str) -> Callable[[], Awaitable[float]]:
    """Measure checks per second of one cart, of whose lines every second one is listed."""
    body = {
        "codes": [code],
        "customer": "k1",
        "user": "anna",
        "placed_at": "2026-05-04T12:00:00Z",
        "lines": [
            {
                "number": number,
                "net_cents": 1_000,
                "article": article(number * 997 + ARTICLES * (number % 2)),
                "brand": f"b{number}",
                "groups": [f"g{number}", "office"],
                "media": ["Katalog 2026"],
            }
            for number in range(1, LINES + 1)
        ],
    }
    base = 1_000 * LINES // (2 if code == "LISTE" else 1)

    async def measured() -> float:
        began = time.perf_counter()
        for _ in range(CHECKS):
            answer = await http.post(
                "/dealers/acme/voucher-checks", json=body, headers=signed_in(ANNA)
            )
        seconds = time.perf_counter() - began
        check = msgspec.json.decode(answer.content, type=VoucherCheck)
        assert [voucher.base_cents for voucher in check.vouchers] == [base], answer.text
        return CHECKS / seconds

    return measured
