"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping

from catalog_shops_tests.article_examples import ARTICLE_EXAMPLES
from catalog_shops_tests.dealer_examples import DEALER_EXAMPLES
from catalog_shops_tests.graphic_examples import GRAPHIC_EXAMPLES, PUBLIC
from catalog_shops_tests.service import InMemoryService
from fastapi import FastAPI

from zugabe_testing.api_contract import ApiContract
from zugabe_testing.examples import Example, ask

EXAMPLES: Mapping[str, Example] = {**ARTICLE_EXAMPLES, **DEALER_EXAMPLES, **GRAPHIC_EXAMPLES}


class TestCatalogShops(ApiContract):
    examples = EXAMPLES
    public = PUBLIC

    def app(self) -> FastAPI:
        return InMemoryService().app

    async def opened(self) -> InMemoryService:
        """Every route was used once."""
        service = InMemoryService()
        for route, example in EXAMPLES.items():
            answer = await ask(service.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"
        return service
