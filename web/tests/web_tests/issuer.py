"""A fake issuer of one person, which a test can make lie."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

CLIENT_ID, SECRET = "web", "open sesame & more"
PERSON = {"sub": "maxi", "role": "central", "name": "Maxi Meise"}


@dataclass
class FakeIssuer:
    """`access`, `identity` and `answer` replace claims and members; None takes one away.

    The clock of tests may stand still, but tokens are checked by the real one, as PyJWT has it.
    """

    now: datetime
    url: str = ""
    down: bool = False
    refuse: str = ""
    access: dict[str, Any] = field(default_factory=dict)
    identity: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    nonce: str = ""
    lifetime: timedelta = timedelta(minutes=15)
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.answered)
        return app

    async def answered(self, request: web.Request) -> web.Response:
        if self.down:
            return web.Response(status=502)
        match request.path:
            case "/.well-known/openid-configuration":
                names = ("authorization", "token", "end_session")
                return web.json_response(
                    {
                        "issuer": self.url,
                        "jwks_uri": f"{self.url}/jwks",
                        "authorization_response_iss_parameter_supported": True,
                        **{f"{name}_endpoint": f"{self.url}/{name}" for name in names},
                    }
                )
            case "/jwks":
                public = ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
                return web.json_response({"keys": [{**public, "kid": "k1", "use": "sig"}]})
            case _:
                form = {name: str(value) for name, value in (await request.post()).items()}
                form["authorization"] = request.headers.get("Authorization", "")
                self.forms.append(form)
                if self.refuse:
                    return web.json_response({"error": self.refuse}, status=400)
                return web.json_response(self.granted())

    def granted(self) -> dict[str, Any]:
        access = self.signed({**PERSON, "aud": "zugabe"}, self.access)
        said = {"aud": CLIENT_ID, "azp": CLIENT_ID, "sub": PERSON["sub"], "nonce": self.nonce}
        answer = {
            "access_token": access,
            "refresh_token": "refresh-1",
            "id_token": self.signed(said, self.identity),
            "token_type": "Bearer",
            "expires_in": int(self.lifetime.total_seconds()),
        }
        return present(answer | self.answer)

    def signed(self, claims: dict[str, Any], changed: dict[str, Any]) -> str:
        at = int(self.now.timestamp())
        until = at + int(self.lifetime.total_seconds())
        said = {"iss": self.url, "iat": at, "exp": until, **claims, **changed}
        return jwt.encode(present(said), self.key, "ES256", {"kid": "k1"})

    def sent_to(self, location: str) -> dict[str, str]:
        """The parameters of an address that a browser was sent to; remembers the nonce."""
        asked = {name: texts[0] for name, texts in parse_qs(urlsplit(location).query).items()}
        self.nonce = asked["nonce"]
        return asked


def present(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value is not None}


async def serving(issuer: FakeIssuer) -> TestServer:
    server = TestServer(issuer.app())
    await server.start_server()
    issuer.url = str(server.make_url("")).rstrip("/")
    return server
