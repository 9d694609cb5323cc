"""Routes that anybody may ask, without a token: for what is shown to all the world."""

from collections.abc import Iterator, Sequence

from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute


class Public:
    """A dependency that marks a public route. Such a route takes no body, and changes nothing."""

    async def __call__(self) -> None:
        pass


PUBLIC_ROUTE = Public()
"""For `Depends`, where other routes name the right that they require."""


def public_routes(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes with that mark, such as `GET /graphics/{dealer}/{file}`."""
    for context in iter_route_contexts(routes):
        if is_public(getattr(context, "dependant", None)):
            for method in sorted(context.methods or ()):
                yield f"{method} {context.path}"


def is_public(dependant: Dependant | None) -> bool:
    return dependant is not None and (
        isinstance(dependant.call, Public) or any(map(is_public, dependant.dependencies))
    )
