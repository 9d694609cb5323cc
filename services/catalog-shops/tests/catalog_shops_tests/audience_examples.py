"""A request for each route about who sees a dealer's front."""

from collections.abc import Mapping

from catalog_shops_tests.service import EDITOR
from zugabe_testing.examples import Example
from zugabe_testing.malformed import NO_TOKENS

CURRENT = {"token": tuple(NO_TOKENS)}
"""A route that reads the stream itself has nothing to wait for."""

AUDIENCE_EXAMPLES: Mapping[str, Example] = {
    "PUT /dealers/{dealer}/front-visibility": Example(EDITOR, {"visibility": "public"}),
    "PUT /dealers/{dealer}/business-only": Example(EDITOR, {"business_only": True}),
    "GET /dealers/{dealer}/front-audience": Example("dealer-staff", takes=CURRENT),
}
