"""The web application, assembled from its parts without reading the environment."""

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

from fastapi import Depends, FastAPI, Request

from zugabe_events.http.app import SPANS_OF_REQUESTS, health
from zugabe_events.http.request_limits import RequestLimits
from zugabe_events.runtime.metrics_api import metrics_api
from zugabe_events.runtime.metrics_collectors import Collectors
from zugabe_web.login.desk import Desk
from zugabe_web.login.sign_in import SignIn
from zugabe_web.problem_pages import ProblemPages
from zugabe_web.refusal_pages import RefusalPages
from zugabe_web.sections import SECTIONS, STAFF_SECTIONS
from zugabe_web.security import SAFE
from zugabe_web.site import Site

MAX_BODY_BYTES = 1_000_000


def create_app(
    site: Site,
    sign_in: SignIn | None = None,
    *,
    ready: Callable[[], Awaitable[bool]] | None = None,
    new_id: Callable[[], UUID] = uuid4,
) -> FastAPI:
    """Without `sign_in` there are no pages for staff."""

    async def from_own_page(request: Request) -> None:
        """Every change, whatever the route; raise ForeignRequestError."""
        if request.method not in SAFE:
            site.own_origin(request)

    app = FastAPI(
        title="web",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=SPANS_OF_REQUESTS,
        dependencies=[Depends(from_own_page)],
    )
    ProblemPages(site).add_to(app)
    app.include_router(health(ready))
    app.include_router(metrics_api(Collectors()))
    app.include_router(site.assets.router())
    larger_bodies: dict[str, int] = {}
    for section in SECTIONS:
        app.include_router(section.pages(site))
        larger_bodies |= section.larger_bodies
    if sign_in is not None:
        desk = Desk(site, sign_in)
        for staff_section in STAFF_SECTIONS:
            app.include_router(staff_section.pages(desk))
            larger_bodies |= staff_section.larger_bodies
    app.add_middleware(
        RequestLimits,
        max_body_bytes=MAX_BODY_BYTES,
        new_id=new_id,
        body_limits=larger_bodies,
        routes=app.routes,
    )
    app.add_middleware(RefusalPages, site=site)
    return app
