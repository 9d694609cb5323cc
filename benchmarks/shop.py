"""A whole stack for a benchmark: one dealer, buyers over HTTP, and the CPU time and requests to
MongoDB of each process."""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from benchmarks.measuring import console
from benchmarks.stack import StackProcess, Used, running_stack, used_by

DEALER = "d1"
CODE, REWARD = "IMMER", "praemie"
TOKEN = "Zugabe-Token"
LOGS = ("vouchers", "bonus", "checkout")
OWN_PROCESSES = ("onboarding", "catalog-shops", "vouchers", "bonus", "checkout", "sequencer")
UNASKED = {"hello", "isMaster", "ping", "serverStatus"}
"""Requests to MongoDB that no work causes."""
AFFECTED = (
    r"^(checkout\.(lapse|orders|buyers)|vouchers\.(orders|redeemed)|bonus\.(orders|accounts))\b"
)
"""Consumers that orders have effects on. Others move behind messages when they find the time."""
CATCH_UP_TIMEOUT_SECONDS = 120.0
BUSY_TIMEOUT_SECONDS, BUSY_PAUSE_SECONDS = 60.0, 2.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    token: str | None


class Caller:
    """HTTP client with a token for the services of one dealer."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        urls: Mapping[str, str],
        bearer: str,
        busy: Counter[str],
    ) -> None:
        """Answers that a service is busy are counted in `busy`."""
        self._http = http
        self._busy = busy
        self._urls = urls
        self._headers = {"Authorization": f"Bearer {bearer}"}

    async def ask(
        self, method: str, service: str, path: str, body: Any = None, token: str | None = None
    ) -> Answer:
        headers = self._headers | ({TOKEN: token} if token else {})
        url = f"{self._urls[service]}/dealers/{DEALER}{path}"
        async with self._http.request(method, url, json=body, headers=headers) as answer:
            read = await answer.read()
            content = await answer.json(content_type=None) if read else None
            return Answer(answer.status, content, answer.headers.get(TOKEN))

    async def must(
        self, method: str, service: str, path: str, body: Any = None, token: str | None = None
    ) -> Answer:
        """Ask again while the service is busy, as its answer says; raise if it refuses."""
        deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
        while (answer := await self.ask(method, service, path, body, token)).status == 503:
            if time.monotonic() > deadline:
                break
            self._busy[service] += 1
            await asyncio.sleep(BUSY_PAUSE_SECONDS)
        if answer.status >= 300:
            raise RuntimeError(f"{service} {method} {path}: {answer.status} {answer.body}")
        return answer


class OwnRequests(CommandListener):
    """Counts the requests of a benchmark itself by kind, which are not those of the system."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def started(self, event: CommandStartedEvent) -> None:
        self.counted[event.command_name] += 1

    def succeeded(self, event: Any) -> None:
        pass

    def failed(self, event: Any) -> None:
        pass


class Shop:
    def __init__(self, stack: StackProcess, http: aiohttp.ClientSession, started_in: float) -> None:
        self.stack = stack
        self.started_in = started_in
        self._http = http
        self._own = OwnRequests()
        self._busy: Counter[str] = Counter()
        self.mongo: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
            stack.addresses["mongod"],
            uuidRepresentation="standard",
            tz_aware=True,
            event_listeners=[self._own],
        )
        self.staff = self.caller(
            "dealer-staff", "staff", rights=["edit-bonus-settings", "edit-campaigns"]
        )
        self.support = self.caller("central", "support", rights=["unlock-dealers"])
        self._open = False
        self._module: str | None = None

    def caller(self, role: Any, subject: str, replica: str = "", **claims: Any) -> Caller:
        """A client of replica `-2` of each service that has one, else of the first."""
        tenant = None if role == "central" else DEALER
        bearer = self.stack.token(role, user=subject, dealer=tenant, **claims)
        addresses = self.stack.addresses
        urls = {name: addresses.get(f"{name}{replica}", url) for name, url in addresses.items()}
        return Caller(self._http, urls, bearer, self._busy)

    def buyer(self, name: str, replica: str = "") -> Caller:
        """Somebody whose carts bring prices."""
        claims = {"customer": "k1", "name": name, "email": f"{name}@shop.test"}
        return self.caller("user", name, replica, rights=["set-prices"], **claims)

    async def open(self) -> None:
        """Set up, once, a code for everyone without limit, and a reward for a single point."""
        if self._open:
            return
        self._open = True
        await self.campaign("immer", CODE, max_per_user=None)
        put, post = self.staff.must, self.staff.must
        terms = {"pending_days": 0, "starts_on": "2020-01-01"}
        accepted = terms | {"needs_acceptance": False}
        answer = await self.staff.ask("PUT", "bonus", "/programme", accepted, self._module)
        if answer.status == 422:  # a revision whose programmes have no texts to accept
            await put("PUT", "bonus", "/programme", terms, self._module)
        reward = {"title": "Prämie", "points": 1, "discount_cents": 100}
        await put("PUT", "bonus", f"/programme/rewards/{REWARD}", reward)
        await post("POST", "bonus", "/programme/activation")
        enabled = await self.staff.ask("PUT", "bonus", "/customers/k1/programme")
        if enabled.status not in (204, 404):  # 404: a revision in which all customers take part
            raise RuntimeError(f"the customer is not enabled: {enabled}")

    async def _order_module(self) -> None:
        """Order the module, once, which a campaign and a programme need."""
        if self._module is None:
            body = {"gift_source": "none"}
            answer = await self.support.must("PUT", "catalog-shops", "/marketing-module", body)
            self._module = answer.token

    async def campaign(self, campaign: str, code: str, **terms: Any) -> None:
        usual = {
            "title": campaign,
            "code": code,
            "discount_type": "percent",
            "value": 1_000,
            "minimum_cents": 0,
            "valid_from": "2020-01-01",
            "valid_until": "2199-12-31",
        }
        await self._order_module()
        path = f"/campaigns/{campaign}"
        await self.staff.must("PUT", "vouchers", path, usual | terms, self._module)
        await self.staff.must("POST", "vouchers", f"/campaigns/{campaign}/activation")

    async def until_current(self) -> None:
        """Wait until every part is sequenced and every effect of orders is written."""
        deadline = time.monotonic() + CATCH_UP_TIMEOUT_SECONDS
        while behind := await self._behind():
            if time.monotonic() > deadline:
                raise RuntimeError(f"still behind: {behind}")
            await asyncio.sleep(0.02)
        if self._busy:
            console.print(f"answers 503: {dict(self._busy)}")
            self._busy.clear()

    async def _behind(self) -> list[str]:
        """List consumers that have not reached the end of a log, and commits without a position."""
        behind = []
        for log in reversed(LOGS):  # that of checkout first: the others append what follows from it
            lease = await self.mongo[log].sequencers.find_one({"_id": "lease"}) or {}
            ends = {int(part): last for part, last in lease["last"].items()}
            unsequenced = {"part": {"$in": list(ends)}, "at": {"$gt": lease["through"]}}
            if await self.mongo[log].commits.find_one(unsequenced, {"_id": 1}):
                behind.append(f"{log} is not sequenced")
            for service in LOGS:
                affected = {"log": log, "consumer": {"$regex": AFFECTED}}
                async for lane in self.mongo[service].positions.find(affected):
                    if lane["pos"] < ends.get(lane["part"], 0):
                        behind.append(lane["_id"])
        return behind

    @asynccontextmanager
    async def used(self) -> AsyncGenerator[Used]:
        """Measure the stack; filled in at the end."""
        requests = await self._requests()
        with used_by(self.stack.pids()) as used:
            yield used
        used.requests = dict(await self._requests() - requests)

    async def _requests(self) -> Counter[str]:
        """Count what others have asked of MongoDB, by kind."""
        commands = (await self.mongo.admin.command("serverStatus"))["metrics"]["commands"]
        counts = {
            kind: int(count["total"])
            for kind, count in commands.items()
            if isinstance(count, dict) and kind not in UNASKED
        }
        return Counter(counts) - self._own.counted

    def memory_mib(self) -> dict[str, float]:
        """Proportional set size of our own processes, in which shared pages are divided."""
        pids = self.stack.pids()
        return {
            name: psutil.Process(pids[name]).memory_full_info().pss / 2**20
            for name in OWN_PROCESSES
        }


@asynccontextmanager
async def a_shop(python: Path = Path(sys.executable)) -> AsyncGenerator[Shop]:
    """Start the stack of the installation that `python` belongs to."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="zugabe-") as home:
        async with (
            running_stack(python, Path(home)) as stack,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as http,
        ):
            shop = Shop(stack, http, time.perf_counter() - began)
            yield shop
            await shop.mongo.close()


def cart(*prices: int, **more: Any) -> dict[str, Any]:
    return {
        "lines": [
            {
                "article": f"A-{number}",
                "product_group": "Schreiben",
                "brand": "Soennecken",
                "quantity": 1,
                "unit_cents": cents,
            }
            for number, cents in enumerate(prices)
        ],
        **more,
    }
