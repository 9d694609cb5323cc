"""Callers whose token is their subject, and the form that every problem has."""

import re
from collections.abc import Awaitable, Callable

from httpx import Response

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.principal import Principal


def known(*callers: Principal) -> Callable[[str], Awaitable[Principal]]:
    """For `Access(verify=…)`."""
    by_subject = {caller.subject: caller for caller in callers}

    async def verify(token: str) -> Principal:
        if token not in by_subject:
            raise UnauthenticatedError("Das Token ist nicht gültig.")
        return by_subject[token]

    return verify


def signed_in(caller: Principal) -> dict[str, str]:
    """Return the headers of a caller's requests."""
    return {"Authorization": f"Bearer {caller.subject}"}


GERMAN = re.compile(
    r"\b(der|die|das|ein|eine|ist|sind|wird|muss|hat|haben|kann|gibt|nicht|kein|keine|fehlt|sich)\b",
    re.IGNORECASE,
)


def problem_code(answer: Response, *statuses: int, to: str = "") -> str:
    """Return the code of a problem: it must be German, short, and must not repeat the request.

    An answer to HEAD has no body, and no code.
    """
    about = f"{answer.status_code} to {to}: {answer.text[:300]}"
    assert answer.status_code in statuses, about
    assert answer.headers["content-type"] == "application/problem+json", about
    if answer.request.method == "HEAD":
        assert not answer.content, about
        return ""
    problem = answer.json()
    assert problem["status"] == answer.status_code, about
    assert problem["instance"] == answer.headers["x-correlation-id"], about
    assert GERMAN.search(problem["detail"]), about
    assert problem["detail"].endswith("."), about
    assert len(answer.content) < 6_000, about
    assert "x" * 65 not in answer.text, about
    code = problem["code"]
    assert isinstance(code, str), about
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), about
    return code
