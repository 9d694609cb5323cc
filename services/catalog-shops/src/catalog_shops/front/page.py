"""A page as it is kept: the bytes of its answer, and who may have it."""

from dataclasses import dataclass
from hashlib import sha256

import msgspec

from zugabe_events.domain.errors import NotFoundError
from zugabe_events.domain.event import Fact

MIN_BYTES = 500
"""The memory that a page takes beside its body, in bytes."""


@dataclass(frozen=True, slots=True)
class Page:
    """`etag` is a hash of the body. A page that is not there has the reason instead of a body."""

    body: bytes
    etag: str
    is_public: bool
    missing: tuple[str, str] | None = None

    @property
    def size(self) -> int:
        return MIN_BYTES + len(self.body)


def page_of(answer: Fact, *, is_public: bool) -> Page:
    body = msgspec.json.encode(answer)
    return Page(body, f'"{sha256(body).hexdigest()[:32]}"', is_public)


def missing_page(error: NotFoundError, *, is_public: bool) -> Page:
    return Page(b"", "", is_public, (error.code, error.detail))
