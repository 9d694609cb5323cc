"""The fault plan; the same seed gives the same plan."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chaos.system import LINKS, LOGS, PROCESSES, REPLICA, REPLICATED, STORES

BEGIN_SECONDS = 3.0
LONG_SECONDS = (9.5, 12.0)
"""Longer than a lease of the sequencer (8 s) and than a session with Kafka (6 s)."""

GONE_SECONDS = (0.0, 9.0)
SHORT_SECONDS = (1.0, 4.0)
RECOVERY_SECONDS = 6.0
"""Time for which a target is left alone after a fault; on a slow machine faults wait for it."""

BUSY = (*REPLICATED, *REPLICA)
WAYS = [name for name in LINKS if name.partition(">")[0] in BUSY] * 3 + list(LINKS)
DOUBTS = ("unset", "unreadable")


@dataclass(frozen=True, slots=True)
class Kind:
    """`weight` says how often it comes, `seconds` how long it lasts, and `also` what it touches
    besides its target."""

    targets: Sequence[str]
    weight: float
    seconds: tuple[float, float] = (0.0, 0.0)
    also: Sequence[str] = ()


KINDS: Mapping[str, Kind] = {
    "kill": Kind(BUSY * 3 + PROCESSES, 5, GONE_SECONDS),
    "restart": Kind(BUSY * 3 + PROCESSES, 2, GONE_SECONDS),
    "pause": Kind(BUSY * 3 + PROCESSES, 5, LONG_SECONDS),
    "kill-store": Kind(STORES, 1.5, (0.0, 2.0)),
    "pause-store": Kind(STORES, 1, SHORT_SECONDS),
    "tear": Kind(WAYS, 4),
    "refuse": Kind(WAYS, 2, (1.0, 9.0)),
    "delay": Kind(WAYS, 2, (2.0, 8.0)),
    "hold": Kind(WAYS, 3, (1.0, 12.0)),
    "token": Kind(
        [f"{log} {doubt}" for log in LOGS for doubt in DOUBTS],
        1,
        also=("mongod", "sequencer", "sequencer-2"),
    ),
    "double": Kind(LOGS, 2, also=("kafka",)),
    "reread": Kind([one for one in BUSY if not one.startswith("sequencer")], 1.5),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`at` and `seconds` count from the beginning of the run; `salt` is for what is left open."""

    at: float
    kind: str
    target: str
    seconds: float
    salt: int

    @property
    def touches(self) -> frozenset[str]:
        """The parts that no other fault touches at the same time."""
        more = ("mongod",) if self.kind == "reread" else KINDS[self.kind].also
        return frozenset({self.target, *more})

    def __str__(self) -> str:
        lasting = f" for {self.seconds:.1f} s" if self.seconds else ""
        return f"{self.kind} {self.target}{lasting}"


def plan(seed: int, faults: int, seconds: float) -> list[Fault]:
    """Spread `faults` faults over `seconds`; every kind comes when there are enough."""
    chance = random.Random(seed)
    kinds, weights = list(KINDS), [kind.weight for kind in KINDS.values()]
    chosen = chance.sample(kinds, len(kinds))[:faults]
    chosen += chance.choices(kinds, weights, k=faults - len(chosen))
    chance.shuffle(chosen)
    gap = (seconds - BEGIN_SECONDS) / max(faults, 1)
    busy: dict[str, float] = {}
    planned = []
    for number, kind in enumerate(chosen):
        at = BEGIN_SECONDS + (number + chance.random()) * gap
        wanted = [_fault(chance, at, kind) for _ in range(5)]
        fault = min(wanted, key=lambda one: max(busy.get(name, 0.0) for name in one.touches))
        busy |= dict.fromkeys(fault.touches, at + fault.seconds + RECOVERY_SECONDS)
        planned.append(fault)
    return planned


def _fault(chance: random.Random, at: float, kind: str) -> Fault:
    target = chance.choice(KINDS[kind].targets)
    seconds = round(chance.uniform(*KINDS[kind].seconds), 1)
    return Fault(round(at, 1), kind, target, seconds, chance.getrandbits(32))


def by_kind(faults: Sequence[Fault]) -> Mapping[str, int]:
    counted = Counter(fault.kind for fault in faults)
    return {kind: counted[kind] for kind in KINDS if counted[kind]}
