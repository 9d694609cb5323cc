"""The list of loans over HTTP, in a test's own process or, as a program, in one of its own."""

import os
import sys
from typing import Annotated

import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Query

from kernel_tests.loans import NOON, TABLE, InMongo, Loan, LoanQuery
from zugabe_events.domain.views import Views
from zugabe_events.export.response import Exports
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Id
from zugabe_events.http.list_routes import Selection, Sums, list_routes
from zugabe_events.http.principal import Principal
from zugabe_events.http.request_context import RequestContext
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.mongo.client import connect, database, identity
from zugabe_testing.callers import known

STAFF = Principal("staff", "dealer-staff", "acme")
OTHERS = tuple(Principal(f"other{number}", "dealer-staff", "acme") for number in range(4))


def loan_app(views: Views[Loan], exports: Exports) -> FastAPI:
    access = Access(
        known(STAFF, *OTHERS), {"see-loans": frozenset({"dealer-staff"})}, now=lambda: NOON
    )
    router = APIRouter(prefix="/dealers/{dealer}/loans")

    @list_routes(router, "", views, TABLE, exports, sums=Sums(views, ("fee_cents",)))
    async def list_loans(
        dealer: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-loans"))],
        query: Annotated[LoanQuery, Query()],
    ) -> Selection[Loan]:
        return Selection({**query.where(), "dealer": dealer})

    @router.get("/running")
    async def running(
        dealer: Id, request: Annotated[RequestContext, Depends(access.requires("see-loans"))]
    ) -> int:
        return exports.running

    return http_app("loans", [router])


async def serve(name: str, port: int) -> None:
    db = database(connect(os.environ["ZUGABE_MONGO_URL"]), name)
    app = loan_app(InMongo(db, await identity(db)).views, Exports())
    config = uvicorn.Config(app, port=port, http=BoundedHttp, loop="asyncio", log_level="warning")
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    import asyncio

    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
