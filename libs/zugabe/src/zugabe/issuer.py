"""The local issuer's key, and the tokens that it signs."""

import hashlib
import json
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from zugabe.home import write_private
from zugabe.roles import Role

AUDIENCE = "zugabe"
ALGORITHM = "ES256"


@dataclass(frozen=True)
class Key:
    private: ec.EllipticCurvePrivateKey

    def public(self) -> dict[str, Any]:
        """The key as a JWK; its id is its thumbprint (RFC 7638), so a new key has a new id."""
        jwk = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        named = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
        thumbprint = hashlib.sha256(json.dumps(named, separators=(",", ":")).encode()).digest()
        kid = urlsafe_b64encode(thumbprint).decode().rstrip("=")
        return named | {"kid": kid, "use": "sig", "alg": ALGORITHM}


def load_key(path: Path) -> Key:
    """Load the key; create it on first use, readable by its owner only."""
    if not path.exists():
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_private(path, pem)
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return Key(private)


def issue(
    key: Key,
    issuer: str,
    *,
    subject: str,
    role: Role,
    dealer: str | None = None,
    partner: str | None = None,
    customer: str | None = None,
    rights: Sequence[str] = (),
    name: str | None = None,
    email: str | None = None,
    family_name: str | None = None,
    gender: str | None = None,
    signed_in_at: int | None = None,
    lifetime_seconds: int,
) -> str:
    """Signs an access token; `signed_in_at` is in seconds, by default now."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": now,
        "exp": now + lifetime_seconds,
        "jti": str(uuid.uuid4()),
        "role": role,
        "dealer": dealer,
        "partner": partner,
        "customer": customer,
        "rights": list(rights),
        "name": name,
        "email": email,
        "email_verified": True if email else None,
        "family_name": family_name,
        "gender": gender,
        "auth_time": None if role == "service" else signed_in_at or now,
    }
    present = {claim: value for claim, value in claims.items() if value is not None}
    return jwt.encode(present, key.private, ALGORITHM, headers={"kid": key.public()["kid"]})


def issue_id_token(
    key: Key,
    issuer: str,
    *,
    client_id: str,
    subject: str,
    name: str,
    nonce: str | None,
    access_token: str,
    lifetime_seconds: int,
) -> str:
    """The person who signed in, for the application alone; services refuse it for its audience."""
    now = int(time.time())
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": client_id,
        "azp": client_id,
        "sub": subject,
        "name": name,
        "iat": now,
        "auth_time": now,
        "exp": now + lifetime_seconds,
        "at_hash": urlsafe_b64encode(half).decode().rstrip("="),
    }
    if nonce is not None:
        claims["nonce"] = nonce
    return jwt.encode(claims, key.private, ALGORITHM, headers={"kid": key.public()["kid"]})
