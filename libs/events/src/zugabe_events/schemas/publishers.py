"""The services of Zugabe as their contracts name them, and the events that each publishes."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from operator import itemgetter
from pathlib import Path
from types import ModuleType
from typing import TypeAliasType

from zugabe_events import contracts
from zugabe_events.domain.event import Event, Fact, members

DOMAIN = "zugabe_events.domain."


@cache
def publishers() -> Mapping[str, ModuleType]:
    """Contracts by service, in the order of names, including those without events."""
    return {
        path.stem.replace("_", "-"): import_module(f"{contracts.__name__}.{path.stem}")
        for path in sorted(Path(contracts.__path__[0]).glob("*.py"))
        if path.stem != "__init__"
    }


def usual_ports() -> Mapping[str, int]:
    """The port of each service on a developer's machine, in the order of ports."""
    ports = {service: int(contract.USUAL_PORT) for service, contract in publishers().items()}
    return dict(sorted(ports.items(), key=itemgetter(1)))


def own_settings() -> frozenset[str]:
    """The variables that only one of the services reads."""
    return frozenset().union(
        *(getattr(contract, "OWN_SETTINGS", ()) for contract in publishers().values())
    )


def events_of(module: ModuleType) -> Iterator[type[Event]]:
    """The events of a contract's unions, each once, in order."""
    yield from dict.fromkeys(members_of_unions(module))


def members_of_unions(module: ModuleType) -> Iterator[type[Event]]:
    for value in vars(module).values():
        if isinstance(value, TypeAliasType) and value.__module__ == module.__name__:
            found = list(members(value))
            if all(isinstance(member, type) and issubclass(member, Event) for member in found):
                yield from found


def facts_of(module: ModuleType) -> Iterator[type[Fact]]:
    """The parts of a contract's events, including those that it has from the domain."""
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and issubclass(value, Fact)
            and value is not Fact
            and (value.__module__ == module.__name__ or value.__module__.startswith(DOMAIN))
        ):
            yield value
