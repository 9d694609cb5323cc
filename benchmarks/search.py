"""Search over 100,000 articles as pages show it, against a bare text query with the same filter."""

import itertools
import time
from contextlib import AsyncExitStack
from urllib.parse import quote

from benchmarks.catalogue import COLOURS, KINDS, articles, fold, groups, shops
from benchmarks.front import serving
from benchmarks.measuring import Result, console, in_turns
from benchmarks.raw_http import raw_clients
from benchmarks.samples import fresh_log
from catalog_shops.article.view import ARTICLES
from catalog_shops.front.goods import SHOWN_AT_ONCE
from zugabe.testing import Parts
from zugabe_events.mongo.client import Document
from zugabe_events.projections.builds import build_of
from zugabe_events.projections.mongo_views import text_query

COUNT, BRANDS = 100_000, 40
WORDS = [
    *(f"{kind} {colour}" for kind, colour in zip(KINDS, COLOURS, strict=False)),
    *(f"{kind} Hersteller {number}" for number, kind in enumerate(KINDS)),
    *(f"M{number}" for number in range(0, COUNT, COUNT // 8)),
]
"""Frequent words, two kinds of pairs, and words that one article has."""

ROUNDS = 3


async def run(parts: Parts) -> list[Result]:
    async with AsyncExitStack() as stack:
        db, _ = await stack.enter_async_context(fresh_log(parts.mongo))
        console.print(f"writing {COUNT:,} articles")
        catalogue = articles(0, COUNT, BRANDS)
        await fold(db, itertools.chain(groups(), shops(BRANDS, 10), catalogue))
        port = await stack.enter_async_context(serving("fronts", parts.mongo, db.name))
        [client] = await stack.enter_async_context(raw_clients(port, 1))
        collection = db[build_of(ARTICLES, 1)]

        async def ours() -> float:
            began = time.perf_counter()
            for words in WORDS:
                await client.get(f"/dealers/acme/front/search?q={quote(words)}")
            return len(WORDS) / (time.perf_counter() - began)

        async def raw() -> float:
            began = time.perf_counter()
            for words in WORDS:
                found = collection.find(condition(words), SHOWN).sort(list(SHOWN.items()))
                assert await found.limit(SHOWN_AT_ONCE).to_list()
            return len(WORDS) / (time.perf_counter() - began)

        title = f"search in {COUNT:,} articles"
        return [await in_turns(title, ours, raw, bar=0.5, rounds=ROUNDS)]


SHOWN: Document = {"score": {"$meta": "textScore"}}


def condition(words: str) -> Document:
    sold = {"dealer": "central", "status": "listed", "use": "sale"}
    return {**sold, "$text": {"$search": text_query(words)}}
