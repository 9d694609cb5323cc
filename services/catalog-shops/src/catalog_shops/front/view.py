"""Read model of fronts: what header, start page and shops are made of, in few documents.

A tenant's document says what is shown where; that one of their shops has changed, their tally. So
the stamps of both, and of central's, tell whether a page about many shops still holds.
"""

from collections.abc import Sequence

from catalog_shops.front.card import CardEvent, CardStatus, ShopCard, changed_card
from catalog_shops.front.tenant import TenantFront, changed_tenant, tenant_of
from catalog_shops.group.view import GroupsView
from catalog_shops.group.view import project as project_groups
from zugabe_events.contracts.catalog_shops import (
    OVERVIEW,
    OverviewTextSet,
    ProductGroupPlaced,
    ProductGroupRemoved,
    ShopCreated,
    ShopDeleted,
    ShopGraphicSet,
    ShopHeadChanged,
    ShopKind,
    TopArticlesSet,
    UrlNameClaimed,
    UrlNameReleased,
)
from zugabe_events.domain.event import Event, Fact
from zugabe_events.domain.projection import ReadModel, Tallies


class UrlOwner(Fact, frozen=True):
    """The shop of a URL name; none has it if `shop` is ""."""

    kind: ShopKind = "brand"
    shop: str = ""


class FrontDocument(Fact, frozen=True, omit_defaults=True):
    """One of these: a tenant, their product groups, a shop or an overview, or a URL name."""

    tenant: TenantFront | None = None
    groups: GroupsView | None = None
    card: ShopCard | None = None
    url: UrlOwner | None = None


def tenant_key(dealer: str) -> str:
    return dealer


def groups_key(dealer: str) -> str:
    return f"{dealer}/groups"


def card_key(dealer: str, kind: ShopKind, shop: str) -> str:
    return f"{dealer}/{kind}/{shop}"


def url_key(dealer: str, url_name: str) -> str:
    return f"{dealer}/url/{url_name}"


def keys(event: Event) -> Sequence[str]:
    match event:
        case UrlNameClaimed() | UrlNameReleased():
            return [url_key(event.dealer, event.url_name)]
        case OverviewTextSet():
            return [card_key(event.dealer, event.kind, OVERVIEW)]
        case (
            ShopCreated() | ShopHeadChanged() | ShopDeleted() | TopArticlesSet() | ShopGraphicSet()
        ):
            return [card_key(event.dealer, event.kind, event.shop)]
        case ProductGroupPlaced() | ProductGroupRemoved():
            return [groups_key(event.dealer)]
        case _:
            tenant = tenant_of(event)
            return [tenant_key(tenant)] if tenant else []


def tallies(event: Event) -> Sequence[str]:
    """Of a tenant: what their shops say, and which names lead to them; all in one part."""
    match event:
        case (
            UrlNameClaimed()
            | UrlNameReleased()
            | ShopCreated()
            | ShopHeadChanged()
            | ShopDeleted()
            | TopArticlesSet()
            | ShopGraphicSet()
            | OverviewTextSet()
        ):
            return [event.dealer]
        case _:
            return []


def project(view: FrontDocument | None, event: Event) -> FrontDocument | None:
    match event:
        case UrlNameClaimed():
            return FrontDocument(url=UrlOwner(event.kind, event.shop))
        case UrlNameReleased():
            return FrontDocument(url=UrlOwner())
        case OverviewTextSet():
            return with_card(view, event, OVERVIEW)
        case (
            ShopCreated() | ShopHeadChanged() | ShopDeleted() | TopArticlesSet() | ShopGraphicSet()
        ):
            return with_card(view, event, event.shop)
        case ProductGroupPlaced() | ProductGroupRemoved():
            return FrontDocument(groups=project_groups(view.groups if view else None, event))
        case _:
            tenant = tenant_of(event)
            if tenant is None:
                return view
            known = view.tenant if view and view.tenant else TenantFront(tenant)
            return FrontDocument(tenant=changed_tenant(known, event))


def with_card(view: FrontDocument | None, event: CardEvent, shop: str) -> FrontDocument:
    status: CardStatus = "overview" if shop == OVERVIEW else "existing"
    known = view.card if view and view.card else ShopCard(event.dealer, event.kind, shop, status)
    return FrontDocument(card=changed_card(known, event))


FRONTS = ReadModel(
    name="catalog-shops.fronts",
    version=1,
    topics=("catalog-shops",),
    view=FrontDocument,
    keys=keys,
    project=project,
    tallies=Tallies(tallies),
)
