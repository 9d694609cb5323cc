"""Errors of the domain, independent of HTTP; `problems.py` maps them to status codes."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

type Number = int | str | None
type Lists = Mapping[str, Sequence[Mapping[str, str]]]


class RefusedError(Exception):
    """A command is refused by a rule.

    `code` is stable and for machines, `detail` is German and for people, `facts` are the numbers
    that apply, such as the missing amount in cents (X-7). `lists` names everything that is wrong
    or missing, if there are many reasons. `attached` are whole answers that go with the refusal,
    by name.
    """

    code = "refused"
    lists: Lists = MappingProxyType({})
    attached: Mapping[str, object] = MappingProxyType({})

    def __init__(self, detail: str, *, code: str | None = None, **facts: Number) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.detail = detail
        self.facts: Mapping[str, Number] = facts


class NotFoundError(RefusedError):
    """The thing does not exist, or the caller may not know of it."""

    code = "not-found"


class ForbiddenError(RefusedError):
    """The caller is known and may not do this."""

    code = "forbidden"


class UnauthenticatedError(RefusedError):
    """The caller is not authenticated. `challenge` says over HTTP what would do."""

    code = "unauthenticated"
    challenge = "Bearer"


class InvalidError(RefusedError):
    """The request is malformed or contradicts itself."""

    code = "invalid"


class KeyReusedError(RefusedError):
    """The Idempotency-Key was used for another request before (X-12)."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("Dieser Idempotency-Key wurde bereits für eine andere Anfrage verwendet.")


class UnavailableError(RefusedError):
    """The same request may succeed after `retry_after` seconds."""

    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 1, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class ThrottledError(RefusedError):
    """Too many attempts; the caller may continue after `retry_after` seconds."""

    code = "too-many-attempts"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, retry_after_seconds=retry_after)
        self.retry_after = retry_after


class StaleError(Exception):
    """Another writer appended the next version of this stream first."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"stream {stream} has moved on")
        self.stream = stream


class TooLargeError(Exception):
    """An event or a commit exceeds the size limits of the log."""


class UnknownEventError(Exception):
    """A stream contains an event unknown to its own service, which must not decide without it."""


class NewerSchemaError(UnknownEventError):
    """An event was stored by newer code; reading it has to wait for that code."""
