"""A minimal OIDC issuer: publishes its key, and gives tokens to services by client secret."""

import hmac
from base64 import b64decode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from zugabe.issuer import ALGORITHM, Key, issue
from zugabe.ports import HOST

SERVICE_TOKEN_TTL_SECONDS = 3600


def issuer_app(key: Key, issuer: str, secrets: Mapping[str, str]) -> web.Application:
    """Build the issuer; `secrets` are client secrets by service."""

    async def configuration(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks.json",
                "token_endpoint": f"{issuer}/token",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
            }
        )

    async def keys(_: web.Request) -> web.Response:
        return web.json_response({"keys": [key.public()]})

    async def token(request: web.Request) -> web.Response:
        form = await request.post()
        if form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        client, secret = _credentials(request, form)
        expected = secrets.get(client)
        if expected is None or not hmac.compare_digest(expected.encode(), secret.encode()):
            return web.json_response({"error": "invalid_client"}, status=401)
        signed = issue(
            key, issuer, subject=client, role="service", lifetime_seconds=SERVICE_TOKEN_TTL_SECONDS
        )
        answer = {"access_token": signed, "token_type": "Bearer"}
        return web.json_response(
            answer | {"expires_in": SERVICE_TOKEN_TTL_SECONDS},
            headers={"Cache-Control": "no-store"},
        )

    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", configuration)
    app.router.add_get("/jwks.json", keys)
    app.router.add_post("/token", token)
    return app


def _credentials(request: web.Request, form: Mapping[str, Any]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = b64decode(encoded).decode().partition(":")
        except ValueError:
            return "", ""
        return unquote(client), unquote(secret)
    return str(form.get("client_id", "")), str(form.get("client_secret", ""))


async def serve_issuer(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner
