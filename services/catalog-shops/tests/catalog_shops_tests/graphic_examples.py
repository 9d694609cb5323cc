"""A request for each route about graphics."""

from collections.abc import Mapping
from hashlib import sha256

from catalog_shops_tests.service import EDITOR
from zugabe_testing.examples import Example
from zugabe_testing.malformed import HEADERS, NO_TOKENS
from zugabe_testing.pictures import png

BANNER = png(690, 2)
FILE = sha256(BANNER).hexdigest()

IGNORED = {"header": tuple(HEADERS)}
"""A public route reads no headers about repeats and tokens."""

PUBLIC = frozenset({"GET /graphics/{dealer}/{file}", "HEAD /graphics/{dealer}/{file}"})

GRAPHIC_EXAMPLES: Mapping[str, Example] = {
    "POST /dealers/{dealer}/graphics": Example(
        EDITOR,
        BANNER,
        query={"purpose": "banner"},
        media_type="application/octet-stream",
    ),
    "GET /graphics/{dealer}/{file}": Example(
        "user", path={"file": FILE}, takes={**IGNORED, "token": tuple(NO_TOKENS)}
    ),
    "HEAD /graphics/{dealer}/{file}": Example("user", path={"file": FILE}, takes=IGNORED),
}
