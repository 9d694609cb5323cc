"""Onboarding's refusals, beside the form that was sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType

from zugabe_web.service_client import RefusedError

MAX_LINES = 20
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Refusal:
    """`lines` name single articles; `fields` have the sentence for each wrong field."""

    detail: str
    lines: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    status: int = HTTPStatus.CONFLICT


def refusal_of(error: RefusedError) -> Refusal:
    """Raise the error itself if there is no page to show it on."""
    if error.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        raise error
    problem = error.problem
    fields: dict[str, str] = {}
    for mistake in problem.errors:
        name = mistake.where.split(".")[1] if "." in mistake.where else mistake.where
        fields.setdefault(name, mistake.detail)
    return Refusal(problem.detail, lines_of(error), fields, error.status)


def lines_of(error: RefusedError) -> tuple[str, ...]:
    articles = error.members.get("articles")
    if not isinstance(articles, list):
        return ()
    lines = [
        f"{each['article']}: {each['detail']}"
        for each in articles
        if isinstance(each, dict) and {"article", "detail"} <= each.keys()
    ]
    more = len(lines) - MAX_LINES
    return (*lines[:MAX_LINES], *([f"… und {more} weitere"] if more > 0 else ()))


def invalid(**fields: str) -> Refusal:
    """Found on this side."""
    return Refusal("Bitte prüfen Sie Ihre Angaben.", (), fields, HTTPStatus.UNPROCESSABLE_ENTITY)
