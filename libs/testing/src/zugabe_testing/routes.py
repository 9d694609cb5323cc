"""The rights that the routes of an app require of their callers."""

from collections.abc import Iterator
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from zugabe_events.http.authorization import EVERYWHERE, PAGES, PUBLIC, Requires
from zugabe_events.http.principal import ANONYMOUS, Tenant, tenant_kind
from zugabe_events.http.public_routes import public_routes

TENANTS = frozenset(get_args(Tenant.__value__))


def routes_without_right(app: FastAPI) -> list[str]:
    """Return routes without authorization; a service must have none (X-16)."""
    public = set(public_routes(app.routes))
    return [route for route, _, needs in _guarded(app) if needs is None and route not in public]


def routes_past_the_dealer(app: FastAPI) -> list[str]:
    """Return routes that roles of one tenant reach although the path does not name the tenant, or
    whose code does not read it from there; each service must have none (X-16)."""
    return [
        route
        for route, dependant, needs in _guarded(app)
        if needs is not None
        and not names_tenants(needs, {parameter.name for parameter in dependant.path_params})
    ]


def names_tenants(needs: Requires, named: set[str]) -> bool:
    """Anonymous callers belong to whichever tenant the path names."""
    return tenants_of(needs) <= named and (not needs.is_open or bool(named & TENANTS))


def tenants_of(needs: Requires) -> set[str]:
    """Return the path parameters that bind the roles of a requirement to their tenant."""
    roles = {role.partition(":")[0] for role in needs.roles}
    return {tenant_kind(role) for role in roles - EVERYWHERE - {ANONYMOUS}}


def rights_of(app: FastAPI) -> dict[str, str]:
    """The right that each route asks for; "" for public ones."""
    return {route: needs.right if needs else "" for route, _, needs in _guarded(app)}


def _guarded(app: FastAPI) -> Iterator[tuple[str, Any, Requires | None]]:
    """Every route but those of the process, such as `GET /dealers/{dealer}/orders`."""
    for context in iter_route_contexts(app.routes):
        if context.path not in (*PUBLIC, *PAGES):
            dependant = getattr(context, "dependant", None)
            route = f"{', '.join(sorted(context.methods or ()))} {context.path}".strip()
            yield route, dependant, _needs_of(dependant)


def _needs_of(dependant: Dependant | None) -> Requires | None:
    """Dependencies may have dependencies."""
    if dependant is None:
        return None
    if isinstance(dependant.call, Requires):
        return dependant.call
    return next(filter(None, map(_needs_of, dependant.dependencies)), None)
