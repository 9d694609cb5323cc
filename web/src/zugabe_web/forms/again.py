"""A page that keeps what was typed when it could not be taken, to be sent once more."""

from fastapi import Response

from zugabe_web.forms.sent import Sent
from zugabe_web.site import Site


def send_again(site: Site, sent: Sent, path: str, status: int) -> Response:
    return site.page(
        "forms/again.html",
        sent.visit,
        status=status,
        path=path,
        fields=sent.fields,
        is_stale=sent.is_stale,
    )
