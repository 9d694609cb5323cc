"""The protocol as modelled holds, and every rule in it is needed."""

import re
from pathlib import Path

import pytest
from protocol_model.check import HERE, Outcome, check_all, configurations

SMALL = configurations("small")
BROKEN = configurations("broken")


@pytest.fixture(scope="module")
def outcomes() -> dict[Path, Outcome]:
    found = check_all([*SMALL, *BROKEN], tell=lambda _: None)
    return {outcome.config: outcome for outcome in found}


@pytest.mark.parametrize("config", SMALL, ids=lambda config: config.stem)
def test_it_holds(config: Path, outcomes: dict[Path, Outcome]) -> None:
    assert outcomes[config].right, outcomes[config].output


@pytest.mark.parametrize("config", BROKEN, ids=lambda config: config.stem)
def test_a_broken_rule_is_noticed(config: Path, outcomes: dict[Path, Outcome]) -> None:
    assert outcomes[config].right, outcomes[config].output


@pytest.mark.parametrize("model", ["Log", "Checkout"])
def test_every_rule_is_broken_once(model: str) -> None:
    rules = set(re.findall(r'Breaks\("(\w+)"\)', (HERE / f"{model}.tla").read_text()))
    broken = [
        name
        for config in BROKEN
        if config.stem.startswith(f"{model}-")
        for name in re.findall(r'Broken = \{"(\w+)"\}', config.read_text())
    ]
    assert sorted(broken) == sorted(rules)
