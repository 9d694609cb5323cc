"""Faults one upon the other while people buy, as a seed says; `make chaos` is the long form."""

from pathlib import Path

import pytest
from chaos.history import SUBMITTED
from chaos.run import Size, run

pytestmark = pytest.mark.integration

SEEDS = [
    tuple(map(int, line.split()[:3]))
    for line in Path(__file__).with_name("chaos").joinpath("seeds.txt").read_text().splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("seed", "faults", "seconds"), SEEDS)
async def test_nothing_is_lost_doubled_or_beyond_a_limit_whatever_fails(
    tmp_path: Path, seed: int, faults: int, seconds: int
) -> None:
    """X-1, X-2, X-3, X-12, X-26, N-2: by the verifier; and all processes came back."""
    said: list[str] = []
    outcome = await run(tmp_path, seed, Size(faults, seconds), said.append)
    assert not outcome.findings, "\n".join([*said, *(one.text for one in outcome.findings)])
    assert sum(outcome.faults.values()) == faults
    assert outcome.orders["placed"] > faults
    done = {kind for kind, status in outcome.answered if status in (200, 201, 204)}
    assert done == {"order", "cancel", "return", "other"}
    assert outcome.answered["order", SUBMITTED]
