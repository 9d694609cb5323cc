"""Routes about the process or the API, answered only in networks that a setting names (S27)."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Receive, Scope, Send

from zugabe_events.http.networks import Networks

METRICS = ("/metrics",)
API = ("/", "/docs", "/docs/", "/openapi.json", "/asyncapi.json", "/schemas/")
"""One that ends with a slash, except for the first, stands for all below it."""

INTERNAL = "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"
EVERYWHERE = "0.0.0.0/0, ::/0"

NOWHERE = "/-"
"""A path without a route: what is hidden is answered as what does not exist."""


class Exposure:
    """`routes` has the networks of whoever may see them; behind a trusted proxy its client's
    address counts."""

    def __init__(self, app: ASGIApp, routes: Mapping[tuple[str, ...], Networks]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_hidden(scope):
            scope = {**scope, "path": NOWHERE, "raw_path": NOWHERE.encode()}
        await self.app(scope, receive, send)

    def _is_hidden(self, scope: Scope) -> bool:
        path = scope["path"]
        host = (scope.get("client") or ("",))[0]
        return any(
            is_one_of(path, paths) and host not in networks
            for paths, networks in self.routes.items()
        )


def is_one_of(path: str, paths: tuple[str, ...]) -> bool:
    return any(
        path == one or (len(one) > 1 and one.endswith("/") and path.startswith(one))
        for one in paths
    )
