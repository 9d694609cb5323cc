"""Every service names all of its deciders: what is stored of its streams can be verified."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

from zugabe.services import ALL
from zugabe_events.domain.decider import Decider
from zugabe_events.runtime.service import Service


def deciders_in(package: str) -> Iterator[str]:
    for module in walk_packages(import_module(package).__path__, f"{package}."):
        values = vars(import_module(module.name)).values()
        yield from (value.name for value in values if isinstance(value, Decider))


@pytest.mark.parametrize("name", ALL)
def test_a_service_names_its_deciders(name: str) -> None:
    package = name.replace("-", "_")
    service: Service = import_module(f"{package}.main").SERVICE
    assert {decider.name for decider in service.deciders} == set(deciders_in(package))
