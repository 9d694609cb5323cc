"""The independent verifier's findings in a calm system, in the words of the table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from zugabe_verify.verify import verify

type Matter = Literal["lost", "doubled", "beyond a limit", "wrong"]
MATTERS: tuple[Matter, ...] = ("lost", "doubled", "beyond a limit", "wrong")

WORDS: Mapping[Matter, Sequence[str]] = {
    "lost": ("missing", "gap", "open", "not-noted", "unsequenced", "stale"),
    "doubled": ("twice", "doubled", "unfounded"),
    "beyond a limit": ("limit", "overdrawn"),
}


class Finding(NamedTuple):
    matter: Matter
    text: str


async def verdict(mongo_url: str, kafka: str, history: Path) -> list[Finding]:
    """Everything there is to check: structure, topics, effects, limits, read models, answers."""
    found = await verify(mongo_url, kafka, business=True, history=history)
    return [Finding(matter_of(one.kind), f"{one.kind}: {one.text}") for one in found]


def matter_of(kind: str) -> Matter:
    """By the words in the name of a finding's kind."""
    for matter, words in WORDS.items():
        if any(word in kind for word in words):
            return matter
    return "wrong"
