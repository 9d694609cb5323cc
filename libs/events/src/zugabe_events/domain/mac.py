"""Message authentication codes (MACs) with keys that rotate: who has a key can make and check them.

A MAC is text, `kid.hex`; `kid` tells the keys apart, so that old MACs stay valid while a new key
makes the next ones.
"""

from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest

MIN_SECRET_BYTES = 32
MAC_BYTES = 16
KID_BYTES = 4


class WrongMacError(Exception):
    """`reason` is `unknown-key` or `wrong-mac`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MacKeys:
    """The keys of one purpose, from secrets that several purposes share: a MAC of one purpose is
    worth nothing for another. The first secret makes MACs, all of them check."""

    def __init__(self, secrets: Sequence[bytes], purpose: bytes) -> None:
        """`purpose` has at most 16 bytes. Raises ValueError unless all secrets are long enough."""
        if not secrets or min(map(len, secrets)) < MIN_SECRET_BYTES:
            message = f"a key of MACs needs {MIN_SECRET_BYTES} bytes"
            raise ValueError(message)
        keys = [blake2b(secret, person=purpose).digest() for secret in secrets]
        self._keys = {kid_of(key): key for key in keys}
        self._newest = kid_of(keys[0])

    def make(self, content: bytes) -> bytes:
        return self._newest + b"." + digest(content, self._keys[self._newest])

    def check(self, content: bytes, mac: bytes) -> None:
        """Raise WrongMacError unless one of the keys made this MAC of the content."""
        kid, _, given = mac.partition(b".")
        key = self._keys.get(kid)
        if key is None:
            raise WrongMacError("unknown-key")
        if not compare_digest(digest(content, key), given):
            raise WrongMacError("wrong-mac")


def digest(content: bytes, key: bytes) -> bytes:
    return blake2b(content, key=key, digest_size=MAC_BYTES).hexdigest().encode()


def kid_of(key: bytes) -> bytes:
    return blake2b(b"kid", key=key, digest_size=KID_BYTES).hexdigest().encode()


def secrets_of(text: str) -> Sequence[bytes]:
    """One a line."""
    return [line.strip().encode() for line in text.splitlines() if line.strip()]
