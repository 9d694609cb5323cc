"""For all tests: a busy machine fails none."""

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("zugabe_testing.api_contract", "zugabe_testing.checks")

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every route of a service (`http/doors.py`)."""
    if "route" in metafunc.fixturenames and hasattr(metafunc.cls, "examples"):
        metafunc.parametrize("route", metafunc.cls.examples)
