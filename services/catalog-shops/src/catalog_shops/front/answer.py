"""Pages as answers over HTTP, with what caches may do with them."""

from datetime import datetime, timedelta

from fastapi import Request, Response

from catalog_shops.front.page import Page
from zugabe_events.domain.errors import NotFoundError
from zugabe_events.files.response import is_known

FRESH = timedelta(seconds=60)
STALE = timedelta(seconds=300)
"""The time for which a cache may show a page at once, and then while it asks for it again."""

NO_STORE = "private, no-store"


def page_answer(request: Request, page: Page, cache_control: str) -> Response:
    """Raise NotFoundError for a page that is not there."""
    if page.missing is not None:
        code, detail = page.missing
        raise NotFoundError(detail, code=code)
    headers = {
        "ETag": page.etag,
        "Cache-Control": cache_control,
        "Vary": "Authorization",
        "X-Content-Type-Options": "nosniff",
    }
    if is_known(page.etag, request):
        return Response(status_code=304, headers=headers)
    if request.method == "HEAD":
        headers["Content-Length"] = str(len(page.body))
        return Response(headers=headers, media_type="application/json")
    return Response(page.body, headers=headers, media_type="application/json")


def public_until(now: datetime, until: datetime) -> str:
    """No cache shows a page beyond the moment at which it changes as planned."""
    left = max(until - now, timedelta(0))
    fresh = min(FRESH, left)
    stale = min(STALE, left - fresh)
    return (
        f"public, max-age={int(fresh.total_seconds())}, "
        f"stale-while-revalidate={int(stale.total_seconds())}"
    )
