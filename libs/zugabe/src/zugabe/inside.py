"""The issuer and the mail server, which run in the supervisor's own process."""

from collections.abc import Iterable
from contextlib import AsyncExitStack

from zugabe.home import Home
from zugabe.issuer import load_key
from zugabe.issuer_codes import WebClient
from zugabe.issuer_http import issuer_app, serve_issuer
from zugabe.ports import HOST
from zugabe.services import WEB
from zugabe.smtp import serve_smtp


async def serve_inside(
    home: Home, clients: Iterable[str], issuer_port: int, smtp_port: int, portal: str | None = None
) -> AsyncExitStack:
    """Serve both until the returned stack is closed. `clients` may request tokens; people sign in
    to the web application at `portal`."""
    serving = AsyncExitStack()
    secrets = {name: home.secret_file(name).read_text() for name in clients}
    web_clients = [web_client(portal)] if portal else []
    key = load_key(home.key_file)
    app = issuer_app(key, f"http://{HOST}:{issuer_port}", secrets, web_clients)
    issuer = await serve_issuer(app, issuer_port)
    serving.push_async_callback(issuer.cleanup)
    smtp = await serve_smtp(home.mails, smtp_port)
    serving.callback(smtp.close)
    return serving


def web_client(portal: str) -> WebClient:
    """The application at this address, with the paths of its sign-in."""
    return WebClient(WEB, (f"{portal}/anmelden/antwort",), (f"{portal}/abgemeldet",))
