"""A whole stack for a benchmark: one dealer, buyers over HTTP, and the CPU time of each process."""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from pymongo import AsyncMongoClient

from zugabe.supervisor import Stack
from zugabe_events.mongo.client import connect

DEALER = "d1"
CODE, REWARD = "IMMER", "praemie"
TOKEN = "Zugabe-Token"
LOGS = ("vouchers", "bonus", "checkout")
OWN_PROCESSES = ("onboarding", "catalog-shops", "vouchers", "bonus", "checkout", "sequencer")
CATCH_UP_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    token: str | None


class Caller:
    """HTTP client with a token for the services of one dealer."""

    def __init__(self, http: aiohttp.ClientSession, urls: Mapping[str, str], bearer: str) -> None:
        self._http = http
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
        answer = await self.ask(method, service, path, body, token)
        if answer.status >= 300:
            raise RuntimeError(f"{service} {method} {path}: {answer.status} {answer.body}")
        return answer


@dataclass
class Used:
    """CPU seconds by process during a measurement."""

    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)


class Shop:
    def __init__(
        self, stack: Stack, http: aiohttp.ClientSession, mongo: AsyncMongoClient[dict[str, Any]]
    ) -> None:
        self.stack = stack
        self._http = http
        self.mongo = mongo
        self.staff = self.caller("dealer-staff", "staff", rights=["edit-bonus-settings"])

    def caller(self, role: Any, subject: str, **claims: Any) -> Caller:
        bearer = self.stack.token(role, user=subject, dealer=DEALER, **claims)
        return Caller(self._http, self.stack.addresses, bearer)

    def buyer(self, name: str) -> Caller:
        return self.caller("user", name, customer="k1", name=name, email=f"{name}@shop.test")

    async def open(self) -> None:
        """Set up a code that everyone may use without limit, and a reward for a single point."""
        await self.campaign("immer", CODE, max_per_user=None)
        put, post = self.staff.must, self.staff.must
        await put("PUT", "bonus", "/programme", {"pending_days": 0, "starts_on": "2020-01-01"})
        reward = {"title": "Prämie", "points": 1, "discount_cents": 100}
        await put("PUT", "bonus", f"/programme/rewards/{REWARD}", reward)
        await post("POST", "bonus", "/programme/activation")

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
        await self.staff.must("PUT", "vouchers", f"/campaigns/{campaign}", usual | terms)
        await self.staff.must("POST", "vouchers", f"/campaigns/{campaign}/activation")

    async def until_current(self) -> None:
        """Wait until every part is sequenced and every consumer has caught up."""
        deadline = time.monotonic() + CATCH_UP_TIMEOUT_SECONDS
        while behind := await self._behind():
            if time.monotonic() > deadline:
                raise RuntimeError(f"still behind: {behind}")
            await asyncio.sleep(0.02)

    async def _behind(self) -> list[str]:
        """List consumers that have not reached the end of a log, and commits without a position."""
        behind = []
        for log in LOGS:
            lease = await self.mongo[log].sequencers.find_one({"_id": "lease"}) or {}
            ends = {int(part): last for part, last in lease["last"].items()}
            unsequenced = {"part": {"$in": list(ends)}, "at": {"$gt": lease["through"]}}
            if await self.mongo[log].commits.find_one(unsequenced, {"_id": 1}):
                behind.append(f"{log} is not sequenced")
            for service in LOGS:
                async for lane in self.mongo[service].positions.find({"log": log}):
                    if lane["pos"] < ends.get(lane["part"], 0):
                        behind.append(lane["_id"])
        return behind

    @contextmanager
    def used(self) -> Iterator[Used]:
        """Measure the CPU time of each process and of this one; filled in at the end."""
        processes = {name: psutil.Process(pid) for name, pid in self.stack.pids().items()}
        processes["load"] = psutil.Process()
        before = {name: cpu_of(process) for name, process in processes.items()}
        used, began = Used(), time.perf_counter()
        yield used
        used.seconds = time.perf_counter() - began
        used.cpu = {name: cpu_of(process) - before[name] for name, process in processes.items()}

    def memory_mib(self) -> dict[str, float]:
        """Proportional set size of our own processes, in which shared pages are divided."""
        pids = self.stack.pids()
        return {
            name: psutil.Process(pids[name]).memory_full_info().pss / 2**20
            for name in OWN_PROCESSES
        }


def cpu_of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def a_shop(env: Mapping[str, str] | None = None) -> AsyncGenerator[Shop]:
    """Start a stack with its own Kafka and MongoDB, so that it has the machine to itself."""
    own = {"ZUGABE_KAFKA": "", "ZUGABE_MONGO_URL": ""}
    with tempfile.TemporaryDirectory(prefix="zugabe-") as home:
        async with (
            Stack(Path(home), env=own | dict(env or {})) as stack,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as http,
            mongo_at(stack.addresses["mongod"]) as mongo,
        ):
            yield Shop(stack, http, mongo)


def mongo_at(url: str) -> AsyncMongoClient[dict[str, Any]]:
    return connect(url)


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
