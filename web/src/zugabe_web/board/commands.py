"""Commands of managers: forms of pages that are sent to onboarding."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from fastapi import Request

from zugabe_web.errors import NoSuchPageError
from zugabe_web.service_client import RefusedError, ServiceClient, UnreachableError

type Fields = Mapping[str, str]

AS_PAGES = (401, 403, 404)
"""Refusals that are about the page, and not about what was typed."""
KEY = re.compile(r"[0-9a-f-]{36}")
SURE = "ja"


class TypedWrongError(Exception):
    """The form has something that cannot be sent."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason for a form's failure, with all that was typed into it, so that nothing is lost.

    `form` is its id in the page; `key` stays the same where the outcome is unknown.
    """

    form: str
    detail: str
    reasons: tuple[str, ...] = ()
    by_field: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)
    key: str = ""
    status: int = 422


@dataclass(frozen=True, slots=True)
class Command:
    """`path` is below the page's own root, with `{names}` of fields; `done` is told afterwards.

    One that cannot be taken back asks for a tick: `sure`.
    """

    method: str
    path: str
    done: str
    body: Callable[[Fields], Any] | None = None
    sure: bool = False


async def fields_of(request: Request) -> dict[str, str]:
    """Texts alone; files have routes of their own."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def carry_out(
    command: Command, fields: Fields, client: ServiceClient, root: str
) -> Failure | None:
    """None if it is done. Raise RefusedError for refusals that are about the page."""
    form = fields.get("form", "")
    if command.sure and fields.get("sure") != SURE:
        detail = "Bitte bestätigen Sie mit dem Haken, dass Sie sich sicher sind."
        return Failure(form, detail, by_field={"sure": detail}, fields=fields)
    key = fields.get("key", "")
    key = key if KEY.fullmatch(key) else str(uuid4())
    try:
        path = root + filled(command.path, fields)
        body = command.body(fields) if command.body else None
        await client.send(command.method, path, body, key=key)
    except TypedWrongError as error:
        by_field = {error.field: error.detail}
        return Failure(form, error.detail, by_field=by_field, fields=fields)
    except RefusedError as error:
        if error.status in AS_PAGES and not error.problem.errors:
            raise
        return failure_of(error, form, fields)
    except UnreachableError:
        detail = (
            "Das Onboarding antwortet gerade nicht, es ist ungewiss, ob es angekommen ist. Senden "
            "Sie es in einer Minute noch einmal ab: Es geschieht nur einmal."
        )
        return Failure(form, detail, fields=fields, key=key, status=503)
    return None


def filled(path: str, fields: Fields) -> str:
    """Raise NoSuchPageError for a form of other fields."""
    try:
        return path.format_map({name: quote(text, safe="") for name, text in fields.items()})
    except KeyError as error:
        raise NoSuchPageError from error


def failure_of(error: RefusedError, form: str, fields: Fields) -> Failure:
    problem = error.problem
    by_field: dict[str, str] = {}
    for mistake in problem.errors:
        by_field.setdefault(mistake.where.rpartition(".")[2], mistake.detail)
    known = [by_field[name] for name in by_field if name in fields]
    others = [mistake.detail for mistake in problem.errors if mistake.detail not in known]
    detail = problem.detail or "Der Dienst hat das abgelehnt."
    reasons = (*known, *others, *listed(error.members))
    return Failure(form, detail, reasons, by_field, fields, status=error.status)


def listed(members: Mapping[str, Any]) -> list[str]:
    """The list of a refusal beside its sentence: missing requirements, articles, product types."""
    found = []
    for name, entries in members.items():
        if name == "errors" or not isinstance(entries, list):
            continue
        for entry in entries:
            if isinstance(entry, dict) and isinstance(entry.get("detail"), str):
                subject = entry.get("article")
                found.append(f"{subject}: {entry['detail']}" if subject else entry["detail"])
            elif isinstance(entry, dict) and isinstance(entry.get("product_type"), str):
                found.append(entry["product_type"])
    return found


def several(fields: Fields, name: str) -> list[str]:
    """Separated by blanks, commas, semicolons or lines."""
    return [part for part in re.split(r"[\s,;]+", fields.get(name, "")) if part]


def lines(fields: Fields, name: str) -> list[str]:
    return [line.strip() for line in fields.get(name, "").splitlines() if line.strip()]


def number(fields: Fields, name: str) -> int:
    """Raise TypedWrongError. Dots between thousands are taken, as Germans write them."""
    text = fields.get(name, "").strip()
    if not re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3}){1,3}", text):
        raise TypedWrongError(name, "Bitte geben Sie eine ganze Zahl an, zum Beispiel 1.200.")
    return int(text.replace(".", ""))
