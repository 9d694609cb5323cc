"""Routes that anybody may ask, without a token.

Public ones show the same to all the world. Open ones know callers without a token as well.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from zugabe_events.http.authorization import Requires


class Public:
    """A dependency that marks a public route. Such a route takes no body, and changes nothing."""

    async def __call__(self) -> None:
        pass


PUBLIC_ROUTE = Public()
"""For `Depends`, where other routes name the right that they require."""


def public_routes(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes with that mark, such as `GET /graphics/{dealer}/{file}`."""
    return routes_by(routes, lambda dependency: isinstance(dependency, Public))


def open_routes(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes whose right anonymous callers have, such as `POST /dealers/{dealer}/carts`."""
    return routes_by(
        routes, lambda dependency: isinstance(dependency, Requires) and dependency.is_open
    )


def routes_by(routes: Sequence[BaseRoute], wanted: Callable[[Any], bool]) -> Iterator[str]:
    for context in iter_route_contexts(routes):
        if depends_on(getattr(context, "dependant", None), wanted):
            for method in sorted(context.methods or ()):
                yield f"{method} {context.path}"


def routes_of_method(method: str, routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes that are declared for a method, such as `HEAD /graphics/{dealer}/{file}`."""
    for context in iter_route_contexts(routes):
        if method in (context.methods or ()):
            yield f"{method} {context.path}"


def requirements(routes: Sequence[BaseRoute]) -> Mapping[str, Requires]:
    """The requirements by route, such as `PUT /dealers/{dealer}/orders/{order_id}`."""
    return {
        f"{method} {context.path}": found
        for context in iter_route_contexts(routes)
        if (found := requirement_of(getattr(context, "dependant", None))) is not None
        for method in context.methods or ()
    }


def requirement_of(dependant: Dependant | None) -> Requires | None:
    """Dependencies may have dependencies."""
    if dependant is None:
        return None
    if isinstance(dependant.call, Requires):
        return dependant.call
    return next(filter(None, map(requirement_of, dependant.dependencies)), None)


def depends_on(dependant: Dependant | None, wanted: Callable[[Any], bool]) -> bool:
    return dependant is not None and (
        wanted(dependant.call) or any(depends_on(inner, wanted) for inner in dependant.dependencies)
    )
