"""Whatever is sent to any route by anybody, the answer is a problem, and nothing has happened."""

from collections.abc import Mapping

from catalog_shops_tests.article_examples import ARTICLE_EXAMPLES
from catalog_shops_tests.audience_examples import AUDIENCE_EXAMPLES
from catalog_shops_tests.dealer_examples import DEALER_EXAMPLES
from catalog_shops_tests.front_examples import FRONT_EXAMPLES, FRONT_PUBLIC, before_fronts
from catalog_shops_tests.fronts import Fronts
from catalog_shops_tests.gift_examples import GIFT_EXAMPLES, before_gifts
from catalog_shops_tests.graphic_examples import GRAPHIC_EXAMPLES, PUBLIC
from catalog_shops_tests.import_examples import IMPORT_EXAMPLES, before_imports
from catalog_shops_tests.plan_examples import PLAN_EXAMPLES, before_plan
from catalog_shops_tests.shop_examples import BEFORE_SHOPS, SHOP_EXAMPLES
from catalog_shops_tests.template_examples import PUBLIC_TEMPLATES, TEMPLATE_EXAMPLES
from fastapi import FastAPI

from zugabe_testing.api_contract import ApiContract
from zugabe_testing.examples import Example, ask

EXAMPLES: Mapping[str, Example] = {
    **ARTICLE_EXAMPLES,
    **AUDIENCE_EXAMPLES,
    **DEALER_EXAMPLES,
    **GIFT_EXAMPLES,
    **GRAPHIC_EXAMPLES,
    **IMPORT_EXAMPLES,
    **SHOP_EXAMPLES,
    **PLAN_EXAMPLES,
    **FRONT_EXAMPLES,
    **TEMPLATE_EXAMPLES,
}

BEFORE = {
    next(iter(GIFT_EXAMPLES)): before_gifts,
    next(iter(IMPORT_EXAMPLES)): before_imports,
    **BEFORE_SHOPS,
    next(iter(PLAN_EXAMPLES)): before_plan,
    next(iter(FRONT_EXAMPLES)): before_fronts,
}
"""What has to be there before a route is used, and no route before it does."""


class TestCatalogShops(ApiContract):
    examples = EXAMPLES
    public = PUBLIC | FRONT_PUBLIC | PUBLIC_TEMPLATES

    def app(self) -> FastAPI:
        return Fronts().app

    async def opened(self) -> Fronts:
        """Every route was used once."""
        service = Fronts()
        for route, example in EXAMPLES.items():
            if route in BEFORE:
                await BEFORE[route](service)
            answer = await ask(service.http, route, example)
            assert answer.is_success, f"{route}: {answer.text}"
        return service
