"""An identity provider that tests can stop, and give new keys."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm


class Clock:
    """The real time plus `ahead`."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Issuer:
    url: str = ""
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    down: bool = False
    asked: dict[str, int] = field(default_factory=dict)
    more: dict[str, dict[str, str | None]] = field(default_factory=dict)
    grants: Any = field(default_factory=lambda: {"access_token": "t", "expires_in": 600})

    def add_key(self, kid: str) -> None:
        self.keys[kid] = ec.generate_private_key(ec.SECP256R1())

    def token(self, kid: str = "k1", **claims: Any) -> str:
        """Signed; None takes a claim away."""
        now = datetime.now(UTC)
        said = {
            "iss": self.url,
            "aud": "zugabe",
            "sub": "anna",
            "role": "user",
            "dealer": "acme",
            "iat": now,
            "exp": now + timedelta(minutes=5),
            **claims,
        }
        told = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(told, self.keys[kid], "ES256", {"kid": kid})

    async def answer(self, request: web.Request) -> web.Response:
        self.asked[request.path] = self.asked.get(request.path, 0) + 1
        if self.down:
            return web.Response(status=502)
        match request.path:
            case "/.well-known/openid-configuration":
                addresses = {"jwks_uri": f"{self.url}/jwks", "token_endpoint": f"{self.url}/token"}
                return web.json_response({"issuer": self.url, **addresses})
            case "/jwks":
                return web.json_response({"keys": [self.jwk(kid) for kid in self.keys]})
            case "/token":
                form = dict(await request.post())
                known = form.get("client_secret") == "secret"
                return web.json_response(self.grants) if known else web.Response(status=401)
        return web.Response(status=404)

    def jwk(self, kid: str) -> dict[str, Any]:
        public = ECAlgorithm.to_jwk(self.keys[kid].public_key(), as_dict=True)
        changed = self.more.get(kid, {})
        found = {**({} if "kty" in changed else public), "kid": kid, "use": "sig", **changed}
        return {name: value for name, value in found.items() if value is not None}
