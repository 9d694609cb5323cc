"""HTTP for the graphics of shops and overviews, saved together (CS-28, CS-29, CS-41)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from catalog_shops.graphic.decider import fitting, graphic_history
from catalog_shops.placement.decider import Placement
from catalog_shops.quotas import Quotas
from catalog_shops.shop.graphics import PURPOSES, ChangeGraphics, check_places
from catalog_shops.shop.history import history_of
from catalog_shops.shop.maintenance import Decided, maintain
from catalog_shops.shop.state import ShopKey
from catalog_shops.tenancy import edits_own
from zugabe_events.contracts.catalog_shops import GraphicPlace, ShopKind
from zugabe_events.domain.decider import History
from zugabe_events.domain.event import Event
from zugabe_events.domain.event_store import EventStore
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Body, Id, at_most
from zugabe_events.http.request_context import RequestContext

File = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""An uploaded graphic, by the hash of its bytes."""


class Graphics(Body):
    """The file for each place; null takes away what is there, and what is not named stays.

    A brand shop has `logo` and `content-banner`, a theme shop `header-banner` and `content-banner`,
    an overview `list-banner`.
    """

    places: Annotated[
        Mapping[GraphicPlace, File | None], Field(min_length=1, max_length=4), at_most(4)
    ]


def shop_graphic_api(
    kind: ShopKind, store: EventStore, access: Access, quotas: Quotas
) -> APIRouter:
    router = APIRouter(prefix=f"/dealers/{{dealer}}/{kind}-shops/{{shop}}", tags=["shop graphic"])

    @router.put("/graphics", status_code=204)
    async def set_graphics(
        dealer: Id,
        shop: Id,
        body: Graphics,
        request: Annotated[RequestContext, Depends(access.requires("edit-shops"))],
    ) -> None:
        """Give graphics that are uploaded their places."""
        edits_own(request)
        await quotas.count("shop-changes", request)
        key = ShopKey(dealer, kind, shop)
        check_places(key, body.places)
        files = {place: file for place, file in body.places.items() if file is not None}
        history: History[Any, Any] = history_of(key)

        def decide(_: Placement, states: Sequence[Any]) -> tuple[Sequence[Event], Decided]:
            of_shop, *of_graphics = states
            graphics = {
                place: fitting(state, PURPOSES[place])
                for place, state in zip(files, of_graphics, strict=True)
            }
            chosen = {place: graphics.get(place) for place in body.places}
            command = ChangeGraphics(key, chosen, request.context.at)
            changed = history.decider.decide(command, of_shop)
            return [], [changed, *([] for _ in of_graphics)]

        stored = [graphic_history(dealer, file) for file in files.values()]
        await maintain(store, request, key, [history, *stored], decide)

    return router
