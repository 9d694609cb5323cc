"""Protection of pages and forms: headers of every page, and the origin of every change.

A change is accepted if the browser says that it comes from a page of ours, and if it has the token
of the session, which only our pages know. One alone would do; browsers without `Sec-Fetch-Site`
and pages on other ports of the same host are why there are two.
"""

import secrets
from urllib.parse import urlsplit

from fastapi import Request

from zugabe_web.session import Session

PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Never the rest of an address, which may have a link; with `no-referrer` browsers would send
    # forms with the origin `null`.
    "Referrer-Policy": "strict-origin",
}
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD"})


class ForeignRequestError(Exception):
    """A change that no page of ours asked for."""


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def require_own_origin(request: Request, own: str) -> None:
    """Raise ForeignRequestError. `own` is the origin of the portal."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in (None, "same-origin") or origin not in (None, own) or not (site or origin):
        raise ForeignRequestError


async def require_csrf(request: Request, session: Session) -> None:
    """Raise ForeignRequestError. The token is a field of the form, or a header."""
    given = request.headers.get(CSRF_HEADER)
    if given is None:
        field = (await request.form()).get(CSRF_FIELD)
        given = field if isinstance(field, str) else ""
    if not secrets.compare_digest(given.encode(), session.csrf.encode()):
        raise ForeignRequestError
