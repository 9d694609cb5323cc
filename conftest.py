"""For all tests: a busy machine fails none, and only integration tests start servers."""

from collections.abc import Generator
from importlib.util import find_spec
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("zugabe_testing.api_contract", "zugabe_testing.checks")

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SERVERS = frozenset({"real_parts", "mongo_url", "bare", "audited", "zugabe", "spoilt"})
"""Fixtures that start Kafka, MongoDB or the services; every test behind them is an integration
test."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of an `ApiContract` for every route."""
    if "route" in metafunc.fixturenames and hasattr(metafunc.cls, "examples"):
        metafunc.parametrize("route", metafunc.cls.examples)


# Before `-m` selects, which is a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("integration")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Without the marker, servers are neither started nor found by their addresses."""
    if item.get_closest_marker("integration") or find_spec("zugabe") is None:
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ZUGABE_KAFKA", raising=False)
        patch.delenv("ZUGABE_MONGO_URL", raising=False)
        patch.setenv("ZUGABE_PARTS", "process")
        patch.setattr("zugabe.child.Child.start", refuse_to_start)
        return (yield)


async def refuse_to_start(runner: object) -> NoReturn:
    pytest.fail("a test that starts servers needs the marker `integration`")
