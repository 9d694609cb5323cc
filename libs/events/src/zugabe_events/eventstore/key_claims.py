"""Idempotency-Keys and their requests: a key stands for the first request that changed something.

The first commit of a request carries its claim, and a unique index admits one claim for each key.
The other commits of the request carry none, so that a claim costs no read and no further write.
"""

from collections.abc import Sequence

from cachetools import LRUCache

from zugabe_events.domain.errors import KeyReusedError
from zugabe_events.domain.event import KeyClaim
from zugabe_events.domain.event_store import Commit
from zugabe_events.mongo.client import Document

MAX_CLAIMS = 20_000


class KeyClaims:
    """Puts claims into documents of commits, knowing the latest ones that are in the log."""

    def __init__(self) -> None:
        self._requests: LRUCache[object, str] = LRUCache(MAX_CLAIMS)

    def put(self, commit: Commit, document: Document) -> None:
        """Let a document carry the claim of its request, unless another commit does already.

        Raises KeyReusedError if the key is known to stand for another request.
        """
        document.pop("claim", None)
        claim = commit.context.claim
        if claim is None:
            return
        known = self._requests.get(claim.key)
        if known is None:
            document["claim"] = {"key": claim.key, "request": claim.request}
        elif known != claim.request:
            raise KeyReusedError

    def learn(self, documents: Sequence[Document]) -> None:
        """Remember the claims of documents that are in the log."""
        for document in documents:
            if (claim := document.get("claim")) is not None:
                self._requests[claim["key"]] = claim["request"]

    def is_of_another(self, claim: KeyClaim | None) -> bool:
        """True if the key is known to stand for another request."""
        return claim is not None and self._requests.get(claim.key, claim.request) != claim.request
