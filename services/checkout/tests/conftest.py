"""A client over in-memory parts; the fakes stand next to this file."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from checkout_fakes import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()
