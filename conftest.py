"""For all tests: a busy machine fails none, and only integration tests start servers."""

import os
from collections.abc import Generator
from importlib.util import find_spec
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("zugabe_testing.api_contract", "zugabe_testing.checks")

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

SERVERS = ("audited", "bare", "spoilt", "zugabe", "real_parts", "mongo_url")
"""Fixtures that start Kafka, MongoDB or the services; every test behind them is an integration
test. The slowest come first."""

ONE_WORKER = ("audited", "bare")
"""Fixtures that start servers of their own, on one worker where `--dist loadgroup` says so."""


@pytest.fixture(scope="session")
def mongo_url() -> Generator[str]:
    """Address of a MongoDB: the one that the environment names, or a process of its own."""
    if url := os.environ.get("ZUGABE_MONGO_URL"):
        yield url
        return
    from zugabe.testing import parts

    with parts() as started:
        yield started.mongo


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of an `ApiContract` for every route."""
    if "route" in metafunc.fixturenames and hasattr(metafunc.cls, "examples"):
        metafunc.parametrize("route", metafunc.cls.examples)


# Before `-m` selects, which is a hook of the same name.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if any(name in fixtures for name in SERVERS):
            item.add_marker("integration")
        for name in ONE_WORKER:
            if name in fixtures:
                item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=rank)


def rank(item: pytest.Item) -> int:
    """Return the place of a test: those first that start a system of their own and say so, then
    by the slowest server, then all others."""
    fixtures = getattr(item, "fixturenames", ())
    for place, name in enumerate(SERVERS):
        if name in fixtures:
            return place
    return -1 if item.get_closest_marker("integration") else len(SERVERS)


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
        patch.setattr("zugabe.launcher.Launcher.start", refuse_to_start)
        return (yield)


async def refuse_to_start(runner: object) -> NoReturn:
    pytest.fail("a test that starts servers needs the marker `integration`")
