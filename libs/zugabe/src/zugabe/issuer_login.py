"""The sign-in page of the local issuer: whoever opens it chooses a person. Not for production."""

import secrets
from collections.abc import Mapping
from html import escape
from time import time
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from zugabe.issuer_codes import CHALLENGE, Grant, Grants, WebClient
from zugabe.issuer_people import PEOPLE

ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)
STYLE = """
:root { color-scheme: light; font: 1rem/1.5 system-ui, sans-serif; color: #1b1f24; }
body { margin: 2rem auto; max-width: 32rem; padding: 0 1rem; }
p.note { background: #fff4ce; border-left: 4px solid #8a5a00; padding: .75rem 1rem; }
button { display: block; width: 100%; margin: .5rem 0; padding: .75rem 1rem; text-align: left;
  font: inherit; background: #fff; border: 1px solid #57606a; border-radius: .375rem; }
button:hover, button:focus-visible { background: #eef3fb; outline: 2px solid #0b57d0; }
"""


class WrongRequestError(Exception):
    """Answered to the person, who came from no application that the issuer knows."""


class RefusedRequestError(Exception):
    """Answered to the application, as OAuth has it: `error` is one of its codes."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


def add_login(
    app: web.Application, issuer: str, clients: Mapping[str, WebClient], grants: Grants
) -> None:
    async def authorize(request: web.Request) -> web.Response:
        asked = {name: request.query[name] for name in ASKED if name in request.query}
        try:
            client = client_of(asked, clients)
        except WrongRequestError as error:
            return page("Anmeldung nicht möglich", f"<p>{escape(str(error))}</p>", status=400)
        try:
            check(asked)
        except RefusedRequestError as error:
            said = {"error": error.error, "error_description": str(error)}
            raise answer(asked, issuer, said) from error
        return sign_in_page(asked, client)

    async def choose(request: web.Request) -> web.Response:
        form = await request.post()
        asked = {name: str(form[name]) for name in ASKED if name in form}
        person = next((one for one in PEOPLE if one.subject == form.get("person")), None)
        try:
            client = client_of(asked, clients)
            check(asked)
        except (WrongRequestError, RefusedRequestError) as error:
            return page("Anmeldung nicht möglich", f"<p>{escape(str(error))}</p>", status=400)
        if person is None:
            return sign_in_page(asked, client)
        challenge, nonce = asked["code_challenge"], asked.get("nonce")
        grant = Grant(
            client.client_id, asked["redirect_uri"], challenge, nonce, person, int(time())
        )
        raise answer(asked, issuer, {"code": grants.code(grant)})

    async def sign_out(request: web.Request) -> web.Response:
        """Nobody stays signed in here, so there is nothing to end (OpenID Connect RP-Initiated
        Logout)."""
        client = clients.get(request.query.get("client_id", ""))
        back = request.query.get("post_logout_redirect_uri")
        if client is not None and back in client.after_sign_out:
            state = request.query.get("state")
            raise web.HTTPFound(f"{back}?{urlencode({'state': state})}" if state else str(back))
        return page("Abgemeldet", "<p>Sie sind abgemeldet.</p>")

    app.router.add_get("/authorize", authorize)
    app.router.add_post("/authorize", choose)
    app.router.add_get("/logout", sign_out)


def client_of(asked: Mapping[str, str], clients: Mapping[str, WebClient]) -> WebClient:
    """Raise WrongRequestError: an address that is not exactly a known one gets nothing."""
    client = clients.get(asked.get("client_id", ""))
    if client is None:
        raise WrongRequestError("Diese Anwendung ist hier nicht bekannt.")
    if asked.get("redirect_uri") not in client.redirect_uris:
        raise WrongRequestError("Diese Anwendung hat eine andere Adresse, als hier bekannt ist.")
    return client


def check(asked: Mapping[str, str]) -> None:
    """Raise RefusedRequestError."""
    if asked.get("response_type") != "code":
        raise RefusedRequestError("unsupported_response_type", "only code")
    if "openid" not in asked.get("scope", "").split():
        raise RefusedRequestError("invalid_scope", "openid is missing")
    if not asked.get("state"):
        raise RefusedRequestError("invalid_request", "state is missing")
    if asked.get("code_challenge_method") != "S256":
        raise RefusedRequestError("invalid_request", "code_challenge_method must be S256")
    if not CHALLENGE.fullmatch(asked.get("code_challenge", "")):
        raise RefusedRequestError("invalid_request", "code_challenge is missing or malformed")


def answer(asked: Mapping[str, str], issuer: str, said: Mapping[str, str]) -> web.HTTPSeeOther:
    """To the application, with its state, and with who answers (RFC 9207)."""
    state = {"state": asked["state"]} if "state" in asked else {}
    return web.HTTPSeeOther(
        f"{asked['redirect_uri']}?{urlencode({**said, **state, 'iss': issuer})}"
    )


def sign_in_page(asked: Mapping[str, str], client: WebClient) -> web.Response:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    buttons = "".join(
        f'<button name="person" value="{person.subject}">'
        f"<strong>{escape(person.name)}</strong><br>{escape(person.known_as)}</button>"
        for person in PEOPLE
    )
    text = (
        '<p class="note">Nur für die Entwicklung: Hier meldet sich jeder ohne Passwort an. '
        "Im Betrieb steht an dieser Stelle der Anmeldedienst.</p>"
        f"<p>Als wen möchten Sie sich bei „{escape(client.client_id)}“ anmelden?</p>"
        f'<form method="post" action="/authorize">{hidden}{buttons}</form>'
    )
    return page("Anmelden", text, goes_to=asked["redirect_uri"])


def page(title: str, text: str, *, status: int = 200, goes_to: str = "") -> web.Response:
    nonce = secrets.token_urlsafe(16)
    to = urlsplit(goes_to)
    own = f"'self' {to.scheme}://{to.netloc}" if goes_to else "'self'"
    return web.Response(
        text=(
            f'<!doctype html><html lang="de"><head><meta charset="utf-8"><title>{title}</title>'
            '<meta name="viewport" content="width=device-width">'
            f'<style nonce="{nonce}">{STYLE}</style></head>'
            f"<body><main><h1>{title}</h1>{text}</main></body></html>"
        ),
        status=status,
        content_type="text/html",
        headers={
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {own}; "
                "frame-ancestors 'none'; base-uri 'none'"
            ),
        },
    )
