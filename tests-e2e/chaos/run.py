"""A run: buyers and nemesis side by side, then calm, then the verdict."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from chaos.buyers import Buyers
from chaos.calm import BehindError, caught_up
from chaos.history import FATES, Fate, History, Said
from chaos.nemesis import Nemesis
from chaos.plan import plan
from chaos.shop import DEALERS, open_shop
from chaos.system import System
from chaos.verdict import Finding, verdict
from stories.dealer import Dealer

PROGRESS_SECONDS = 10.0
CALM_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Size:
    faults: int
    seconds: float
    buyers: int = 12
    think_seconds: float = 0.1


@dataclass(slots=True)
class Outcome:
    orders: Mapping[Fate, int]
    faults: Mapping[str, int]
    ended: Mapping[str, int]
    caught_up_seconds: float
    answered: Mapping[tuple[Said, int], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def found(self) -> Mapping[str, int]:
        return Counter(finding.matter for finding in self.findings)


async def run(home: Path, seed: int, size: Size, tell: Callable[[str], None]) -> Outcome:
    """The history stays in `home`."""
    path = home / "history.jsonl"
    began = time.monotonic()

    def say(text: str) -> None:
        tell(f"{time.monotonic() - began:7.1f} s  {text}")

    async with System(home / "stack", seed) as system:
        with History(path) as history:
            async with asyncio.TaskGroup() as tasks:
                buyers = await _open(system, history, seed)
                nemesis = Nemesis(system, lambda: history.counted["placed"], say)
                keeping = tasks.create_task(system.keep_up())
                buying = tasks.create_task(buyers.run(size.buyers, size.think_seconds))
                telling = tasks.create_task(_progress(history, nemesis, say))
                say(f"shops are open; seed {seed}, {size.faults} faults in {size.seconds:.0f} s")
                await asyncio.gather(
                    nemesis.run(plan(seed, size.faults, size.seconds)), asyncio.sleep(size.seconds)
                )
                await system.calm()
                buyers.stopping.set()
                await buying
                say("calm: all faults are over, all orders are answered or given up")
                seconds, findings = await _settle(system)
                telling.cancel()
                keeping.cancel()
        mongo, kafka = system.stack.addresses["mongod"], system.stack.addresses["kafka"]
        findings += [Finding("wrong", text) for text in buyers.wrong]
        findings += await verdict(mongo, kafka, path)
        orders = history.counted
        return Outcome(
            orders, nemesis.done, Counter(system.ended), seconds, history.answered, findings
        )


async def _open(system: System, history: History, seed: int) -> Buyers:
    chance = random.Random(f"{seed} shops")
    async with httpx.AsyncClient(timeout=20) as http:
        shops = [await open_shop(Dealer(system.stack, http), chance) for _ in range(DEALERS)]
    return Buyers(system, shops, history, seed)


async def _settle(system: System) -> tuple[float, list[Finding]]:
    try:
        return await caught_up(system.stack.addresses["mongod"], CALM_SECONDS), []
    except BehindError as error:
        return CALM_SECONDS, [Finding("lost", f"not caught up after {CALM_SECONDS:.0f} s: {error}")]


async def _progress(history: History, nemesis: Nemesis, say: Callable[[str], None]) -> None:
    while True:
        await asyncio.sleep(PROGRESS_SECONDS)
        orders = history.counted
        told = ", ".join(f"{orders[fate]} {fate}" for fate in FATES)
        say(f"{orders.total()} orders ({told}), {nemesis.done.total()} faults")
