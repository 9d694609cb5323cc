"""A form that a browser sent, also when the page was too old for its token."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData

from zugabe_web.security import CSRF_FIELD, ForeignRequestError, require_csrf
from zugabe_web.site import Site, Visit

MAX_FIELDS = 8_000
"""300 rows of 20 questions, and more questions beside them."""

MAX_FORM_BYTES = 3_000_000

LARGE_FORMS = {
    f"POST {page}{draft}": MAX_FORM_BYTES
    for page in ("/formulare/{form}", "/marken/{brand}/formulare/{form}")
    for draft in ("", "/entwurf")
}


@dataclass(frozen=True, slots=True)
class Sent:
    """`is_stale`: the page was opened in a session before. Nothing may be changed, but what was
    typed is shown again, with the token of this session."""

    visit: Visit
    form: FormData
    is_stale: bool

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The fields to send once more, without the token."""
        return [
            (name, text)
            for name, text in self.form.multi_items()
            if isinstance(text, str) and name != CSRF_FIELD
        ]


def sent_form(site: Site) -> Callable[[Request], Awaitable[Sent]]:
    """For `Depends`. Every change comes from a page of ours already: see `create_app`."""

    async def sent(request: Request) -> Sent:
        visit = await site.partner_visit(request)
        form = await request.form(max_fields=MAX_FIELDS, max_files=1)
        try:
            await require_csrf(request, visit.session)
        except ForeignRequestError:
            return Sent(visit, form, is_stale=True)
        return Sent(visit, form, is_stale=False)

    return sent
