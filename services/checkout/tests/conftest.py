"""A client over in-memory parts."""

import pytest
from checkout_tests.fakes import Shop


@pytest.fixture
def shop() -> Shop:
    return Shop()
