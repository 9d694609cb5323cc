"""Bodies of requests about entries of the media plan."""

from typing import Annotated

from pydantic import Field

from catalog_shops.article.requests import Amount
from catalog_shops.media_plan.contents import MAX_ITEMS
from catalog_shops.placement.decider import MAX_ACTIVE
from catalog_shops.shop.requests import Ref
from zugabe_events.contracts.catalog_shops import (
    PlanEntry,
    PlannedShop,
    PlannedStrike,
    ShopKind,
)
from zugabe_events.http.fields import ArticleNumber, Body, Day, Id, Text, at_most

Position = Annotated[int, Field(strict=True, ge=1, le=MAX_ACTIVE)]


class HiddenShop(Body):
    kind: ShopKind
    shop: Ref


class ActiveShop(Body):
    """A shop with its `position`, or in the place of the shop that it `replaces`, or behind all
    others."""

    kind: ShopKind
    shop: Ref
    position: Position | None = None
    replaces: Ref | None = None


class Strike(Body):
    """`strike_price` in euro net, for a top article of the shop."""

    kind: ShopKind
    shop: Ref
    number: ArticleNumber
    strike_price: Amount


class EntryBody(Body):
    """A set of changes on inclusive days in Berlin; without `last_day` it does not end."""

    title: Text
    first_day: Day
    last_day: Day | None = None
    shops: Annotated[tuple[ActiveShop, ...], at_most(MAX_ITEMS)] = ()
    shops_off: Annotated[tuple[HiddenShop, ...], at_most(MAX_ITEMS)] = ()
    banners: Annotated[tuple[Id, ...], at_most(MAX_ITEMS)] = ()
    strikes: Annotated[tuple[Strike, ...], at_most(MAX_ITEMS)] = ()

    def entry(self) -> PlanEntry:
        return PlanEntry(
            self.title,
            self.first_day,
            self.last_day,
            tuple(
                PlannedShop(
                    one.kind,
                    one.shop.ref(),
                    one.position,
                    one.replaces.ref() if one.replaces else None,
                )
                for one in self.shops
            ),
            tuple(PlannedShop(one.kind, one.shop.ref()) for one in self.shops_off),
            self.banners,
            tuple(
                PlannedStrike(one.kind, one.shop.ref(), one.number, one.strike_price)
                for one in self.strikes
            ),
        )
