"""The samples, the office and its story stand next to this file."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from onboarding_office import Office


@pytest.fixture
def office() -> Office:
    return Office()
