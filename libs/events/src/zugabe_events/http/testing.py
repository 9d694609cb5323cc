"""Callers for tests: whoever names a known caller's subject as token is that caller."""

from collections.abc import Awaitable, Callable

from zugabe_events.errors import UnauthenticatedError
from zugabe_events.http.callers import Caller


def known(*callers: Caller) -> Callable[[str], Awaitable[Caller]]:
    """For `Access(verify=…)`."""
    by_subject = {caller.subject: caller for caller in callers}

    async def verify(token: str) -> Caller:
        if token not in by_subject:
            raise UnauthenticatedError("Das Token ist nicht gültig.")
        return by_subject[token]

    return verify


def signed_in(caller: Caller) -> dict[str, str]:
    """The headers of his requests."""
    return {"Authorization": f"Bearer {caller.subject}"}
