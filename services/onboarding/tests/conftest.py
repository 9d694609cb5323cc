"""An office over in-memory parts."""

import pytest
from onboarding_tests.office import Office


@pytest.fixture
def office() -> Office:
    return Office()
