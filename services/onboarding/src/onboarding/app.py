"""onboarding, put together from its parts. Nothing here reads the environment."""

from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from onboarding.brand.api import brand_api
from onboarding.brand.article_api import article_api
from onboarding.brand.release_api import Preconditions, release_api
from onboarding.partner.api import partner_api
from onboarding.partner.link import Links
from zugabe_events.http import Access, http_app
from zugabe_events.people.people import People
from zugabe_events.store import EventStore


def create_app(
    store: EventStore,
    access: Access,
    people: People,
    links: Links,
    *,
    preconditions: Preconditions,
    ready: Callable[[], Awaitable[bool]] | None = None,
) -> FastAPI:
    routers = [
        article_api(store, access),
        brand_api(store, access),
        partner_api(store, people, links, access),
        release_api(store, preconditions, access),
    ]
    return http_app("onboarding", routers, ready=ready)
