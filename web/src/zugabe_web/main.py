"""Settings, real parts and process of the web application."""

import logging
from datetime import UTC, datetime

import aiohttp
import httpx
import typer
import uvicorn
import uvloop

from zugabe_events.cli.config import config_commands
from zugabe_events.cli.help import Commands, Version
from zugabe_events.cli.service import (
    KEEP_ALIVE_TIMEOUT_SECONDS,
    MAX_CONNECTIONS,
)
from zugabe_events.http.exposure import METRICS, Exposure
from zugabe_events.http.networks import Networks
from zugabe_events.http.uvicorn_protocol import BoundedHttp
from zugabe_events.observability import tracing
from zugabe_events.observability.logging import log_to_stderr
from zugabe_events.runtime.gc_tuning import tune_gc
from zugabe_events.runtime.process_log import logged
from zugabe_events.runtime.setting_types import claims_of
from zugabe_events.runtime.settings import settings_or_exit
from zugabe_web.app import create_app
from zugabe_web.login.pages import CALLBACK, SIGNED_OUT
from zugabe_web.login.sign_in import Client, SignIn
from zugabe_web.service_client import TIMEOUT_SECONDS
from zugabe_web.session import Sessions, secrets_in
from zugabe_web.settings import Settings
from zugabe_web.site import Site

NAME = "web"


def site_of(settings: Settings, http: httpx.AsyncClient) -> Site:
    secure = settings.portal_url.startswith("https:")
    return Site(
        Sessions(secrets_in(settings.session_key_file), secure=secure),
        http,
        settings.services,
        portal_url=settings.portal_url,
        organisation=settings.organisation,
        session_hours=settings.session_hours,
        now=now,
    )


def sign_in_of(settings: Settings, http: aiohttp.ClientSession) -> SignIn:
    portal = settings.portal_url.rstrip("/")
    client = Client(
        issuer=settings.issuer,
        client_id=settings.client_id,
        secret=settings.client_secret_file.read_text().strip(),
        audience=settings.audience,
        callback=f"{portal}/{CALLBACK}",
        after_sign_out=f"{portal}/{SIGNED_OUT}",
        claims=claims_of(settings.claims),
    )
    return SignIn(client, http, now)


def now() -> datetime:
    return datetime.now(UTC)


async def serve(settings: Settings) -> None:
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False) as http,
        aiohttp.ClientSession() as issuer,
    ):
        config = uvicorn.Config(
            Exposure(
                create_app(site_of(settings, http), sign_in_of(settings, issuer)),
                {METRICS: Networks(settings.metrics_networks)},
            ),
            host=settings.host,
            port=settings.port,
            http=BoundedHttp,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            forwarded_allow_ips=settings.proxies,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_TIMEOUT_SECONDS,
            timeout_graceful_shutdown=10,
        )
        tune_gc()
        await uvicorn.Server(config).serve()


app = Commands(pretty_exceptions_enable=False)
app.add_typer(config_commands(NAME, Settings), name="config")


@app.callback(invoke_without_command=True)
def web(ctx: typer.Context, version: Version = False) -> None:
    """Serve the pages until a signal ends it."""
    if ctx.invoked_subcommand is None:
        serve_until_stopped(settings_or_exit(NAME, Settings))


def serve_until_stopped(settings: Settings) -> None:
    log_to_stderr(NAME, settings.instance)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop_tracing = tracing.start_recording(NAME, settings.instance)
    try:
        with logged(NAME, f"{settings.host}:{settings.port}", settings):
            uvloop.run(serve(settings))
    finally:
        stop_tracing()


def run() -> None:
    """The console script."""
    app(prog_name=NAME)
