"""A minimal OIDC issuer: tokens for services by client secret, and for people by code with PKCE."""

import hmac
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from zugabe.issuer import ALGORITHM, Key, issue, issue_id_token
from zugabe.issuer_codes import Grant, Grants, WebClient
from zugabe.issuer_login import add_login
from zugabe.ports import HOST

SERVICE_TOKEN_TTL_SECONDS = 3600
PERSON_TOKEN_TTL_SECONDS = 900


class Issuer:
    """`secrets` are client secrets by service and application; people sign in to `clients`."""

    def __init__(
        self,
        key: Key,
        url: str,
        secrets: Mapping[str, str],
        clients: Mapping[str, WebClient],
        grants: Grants,
    ) -> None:
        self.key = key
        self.url = url
        self.secrets = secrets
        self.clients = clients
        self.grants = grants

    async def configuration(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks.json",
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "end_session_endpoint": f"{self.url}/logout",
                "grant_types_supported": [
                    "authorization_code",
                    "client_credentials",
                    "refresh_token",
                ],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "scopes_supported": ["openid"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [self.key.public()]})

    async def token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        client, secret = _credentials(request, form)
        expected = self.secrets.get(client)
        if expected is None or not hmac.compare_digest(expected.encode(), secret.encode()):
            return refusal("invalid_client", 401)
        match form.get("grant_type"):
            case "client_credentials" if client not in self.clients:
                return self._for_service(client)
            case "authorization_code" if client in self.clients:
                return self._by_code(client, form)
            case "refresh_token" if client in self.clients:
                return self._refreshed(client, form)
            case "client_credentials" | "authorization_code" | "refresh_token":
                return refusal("unauthorized_client")
            case _:
                return refusal("unsupported_grant_type")

    def _for_service(self, client: str) -> web.Response:
        lifetime = SERVICE_TOKEN_TTL_SECONDS
        signed = issue(
            self.key, self.url, subject=client, role="service", lifetime_seconds=lifetime
        )
        return tokens({"access_token": signed, "expires_in": lifetime})

    def _by_code(self, client: str, form: Mapping[str, str]) -> web.Response:
        code = form.get("code", "")
        grant = self.grants.redeem(code)
        if grant is None or not grant.is_of(
            client, form.get("redirect_uri", ""), form.get("code_verifier", "")
        ):
            return refusal("invalid_grant")
        answered = self._for_person(grant)
        id_token = issue_id_token(
            self.key,
            self.url,
            client_id=client,
            subject=grant.person.subject,
            name=grant.person.name,
            nonce=grant.nonce,
            access_token=answered["access_token"],
            lifetime_seconds=PERSON_TOKEN_TTL_SECONDS,
        )
        refresh = self.grants.refresh_token(grant, code)
        return tokens(answered | {"id_token": id_token, "refresh_token": refresh})

    def _refreshed(self, client: str, form: Mapping[str, str]) -> web.Response:
        grant = self.grants.refreshed(form.get("refresh_token", ""))
        if grant is None or grant.client_id != client:
            return refusal("invalid_grant")
        return tokens(self._for_person(grant))

    def _for_person(self, grant: Grant) -> dict[str, Any]:
        person = grant.person
        signed = issue(
            self.key,
            self.url,
            subject=person.subject,
            role=person.role,
            dealer=person.dealer,
            partner=person.partner,
            customer=person.customer,
            name=person.name,
            email=person.email,
            family_name=person.family_name,
            signed_in_at=grant.signed_in_at,
            lifetime_seconds=PERSON_TOKEN_TTL_SECONDS,
        )
        return {"access_token": signed, "expires_in": PERSON_TOKEN_TTL_SECONDS}


def issuer_app(
    key: Key,
    issuer: str,
    secrets: Mapping[str, str],
    clients: Iterable[WebClient] = (),
    grants: Grants | None = None,
) -> web.Application:
    known = {client.client_id: client for client in clients}
    routes = Issuer(key, issuer, secrets, known, grants or Grants())
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", routes.configuration)
    app.router.add_get("/jwks.json", routes.keys)
    app.router.add_post("/token", routes.token)
    add_login(app, issuer, known, routes.grants)
    return app


def tokens(answered: Mapping[str, Any]) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response({**answered, "token_type": "Bearer"}, headers=headers)


def refusal(error: str, status: int = 400) -> web.Response:
    return web.json_response({"error": error}, status=status)


def _credentials(request: web.Request, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = b64decode(encoded).decode().partition(":")
        except ValueError:
            return "", ""
        return unquote(client), unquote(secret)
    return form.get("client_id", ""), form.get("client_secret", "")


async def serve_issuer(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    return runner
