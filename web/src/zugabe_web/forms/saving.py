"""Handing in a form and saving a draft of it: what came of it, so that nothing typed is lost."""

from dataclasses import dataclass, field
from typing import Literal

from zugabe_web.forms.client import FormClient
from zugabe_web.forms.definition import FilledForm
from zugabe_web.forms.mistakes import INVALID, Mistakes, mistakes_in, without_mistakes
from zugabe_web.forms.typed import Typed, body_of
from zugabe_web.service_client import RefusedError

type Kind = Literal["done", "mistakes", "conflict", "closed", "refused"]

CONFLICTS = ("form-changed", "version-unknown")
CLOSED = ("form-accepted", "form-submitted")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`mistakes`: `saved` is whether a draft has the other answers. `conflict`: somebody else
    changed the form. `closed`: it was accepted, or waits for that. `refused`: `detail` says why.

    `typed` has the revision that comes next.
    """

    kind: Kind
    typed: Typed
    mistakes: Mistakes = field(default_factory=Mistakes)
    saved: bool = False
    detail: str = ""
    status: int = 200


async def save(client: FormClient, filled: FilledForm, typed: Typed) -> Outcome:
    """Raise UnreachableError, and RefusedError for who may not see the form any more."""
    try:
        return done(typed, await client.save(body_of(typed, filled.definition)))
    except RefusedError as error:
        return await refused(client, filled, typed, error)


async def submit(client: FormClient, filled: FilledForm, typed: Typed) -> Outcome:
    """Raise what `save` raises."""
    try:
        return done(typed, await client.submit(body_of(typed, filled.definition)))
    except RefusedError as error:
        return await refused(client, filled, typed, error)


def done(typed: Typed, revision: int) -> Outcome:
    return Outcome("done", Typed(revision, typed.version, typed.answers, typed.tables))


async def refused(
    client: FormClient, filled: FilledForm, typed: Typed, error: RefusedError
) -> Outcome:
    code, detail = error.problem.code, error.problem.detail
    if code in INVALID:
        mistakes = mistakes_in(error, filled.definition, typed)
        revision = await saved_anyway(client, filled, typed, error)
        if revision is None:
            return Outcome("mistakes", typed, mistakes, status=422)
        return Outcome("mistakes", done(typed, revision).typed, mistakes, True, status=422)
    if code in CONFLICTS:
        return Outcome("conflict", typed, detail=detail, status=409)
    if code in CLOSED:
        return Outcome("closed", typed, detail=detail, status=409)
    if error.status in (401, 404):
        raise error
    return Outcome("refused", typed, detail=detail, status=error.status)


async def saved_anyway(
    client: FormClient, filled: FilledForm, typed: Typed, error: RefusedError
) -> int | None:
    """A draft of what is right; None if there can be none."""
    if not filled.is_open:
        return None
    body = without_mistakes(body_of(typed, filled.definition), error, typed)
    try:
        return await client.save(body)
    except RefusedError:
        return None
