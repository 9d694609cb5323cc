"""Why a command is refused. Nothing here knows HTTP; `problems.py` maps kinds to statuses."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

type Number = int | str | None
type Lists = Mapping[str, Sequence[Mapping[str, str]]]


class RefusedError(Exception):
    """A rule says no.

    `code` is stable and for machines, `detail` is German and for people, `facts` are the numbers
    that apply, such as the missing amount in cents (X-7). `lists` names all that is wrong or
    missing, when a rule says no for many reasons.
    """

    code = "refused"
    lists: Lists = MappingProxyType({})

    def __init__(self, detail: str, *, code: str | None = None, **facts: Number) -> None:
        super().__init__(detail)
        self.code = code or type(self).code
        self.detail = detail
        self.facts: Mapping[str, Number] = facts


class NotFoundError(RefusedError):
    """There is no such thing, or none that the caller may know of."""

    code = "not-found"


class ForbiddenError(RefusedError):
    """The caller is known and may not do this."""

    code = "forbidden"


class UnauthenticatedError(RefusedError):
    """Nobody vouches for the caller."""

    code = "unauthenticated"


class InvalidError(RefusedError):
    """The request contradicts itself or the rules of form."""

    code = "invalid"


class KeyReusedError(RefusedError):
    """The Idempotency-Key was used before with another body (X-12)."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("Dieser Idempotency-Key wurde bereits für eine andere Anfrage verwendet.")


class UnavailableError(RefusedError):
    """Not now; the same request may succeed after `retry_after` seconds."""

    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = 1, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class ThrottledError(RefusedError):
    """Too often; the caller may go on after `retry_after` seconds."""

    code = "too-many-attempts"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, retry_after_seconds=retry_after)
        self.retry_after = retry_after


class StaleError(Exception):
    """Another writer got to the next version of this stream first."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"stream {stream} has moved on")
        self.stream = stream


class TooLargeError(Exception):
    """An event or a commit exceeds what the log takes."""


class UnknownEventError(Exception):
    """A stream holds an event that its own service does not know: deciding on it would be wrong."""


class NewerSchemaError(UnknownEventError):
    """An event was stored by newer code than this: it is not guessed at, but waited for."""
