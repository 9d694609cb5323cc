"""Size limits of requests about forms; larger ones are refused before they are read."""

from collections.abc import Mapping
from typing import Any

import pytest
from onboarding_tests.office import Office
from onboarding_tests.story import welcome
from pydantic import BaseModel, ValidationError

from onboarding.brand.article_api import LiveArticles, Reporting
from onboarding.form.requests import AnswersBody, FormBody
from onboarding.product_type.needs_api import Needs
from zugabe_testing.callers import problem_code

DRAFT = "/partners/nordwind/brands/nordkap/forms/marken-und-vertrieb/draft"
NUMBER = {"name": "menge", "label": "Menge", "kind": "whole-number"}
TABLE = {"name": "zeilen", "label": "Zeilen", "columns": [NUMBER]}


def names(number: int) -> list[str]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [letters[n // 26] + letters[n % 26] for n in range(number)]


def draft(revision: int = 0, **body: Any) -> Mapping[str, Any]:
    return {"revision": revision, **body}


@pytest.mark.parametrize(
    ("most", "code", "more"),
    [
        (draft(1_000_000), "form-changed", draft(1_000_001)),
        (draft(version=1_000_000), "version-unknown", draft(version=1_000_001)),
        (draft(version=3), "version-unknown", draft(version=0)),
        (
            draft(answers={"marke": "x" * 5_000}),
            "answers-invalid",
            draft(answers={"marke": "x" * 5_001}),
        ),
        (
            draft(answers={"zielgruppen": ["x" * 200]}),
            "answers-invalid",
            draft(answers={"zielgruppen": ["x" * 201]}),
        ),
        (
            draft(answers={"zielgruppen": ["x"] * 100}),
            "answers-invalid",
            draft(answers={"zielgruppen": ["x"] * 101}),
        ),
        (
            draft(tables={name: [] for name in names(20)}),
            "answers-invalid",
            draft(tables={name: [] for name in names(21)}),
        ),
    ],
)
async def test_a_draft_that_says_too_much_is_not_looked_at(
    most: Mapping[str, Any], code: str, more: Mapping[str, Any]
) -> None:
    office = Office()
    await welcome(office)
    answer = await office.ask("kim", "PUT", DRAFT, most)
    assert answer.json()["code"] == code
    assert problem_code(await office.ask("kim", "PUT", DRAFT, more), 422) == "invalid"


def asks(**changes: Any) -> Mapping[str, Any]:
    return {"title": "Service", "fields": [{**NUMBER, **changes}]}


def lists(*named: str, **changes: Any) -> Mapping[str, Any]:
    return {"title": "Service", "tables": [{**TABLE, "name": one, **changes} for one in named]}


@pytest.mark.parametrize(
    ("most", "more"),
    [
        (asks(most=1_000_000_000_000), asks(most=1_000_000_000_001)),
        (asks(least=-1_000_000_000_000), asks(least=-1_000_000_000_001)),
        (lists(*names(5)), lists(*names(6))),
        (lists("a", least_rows=300, most_rows=300), lists("a", least_rows=301)),
        (lists("a", least_rows=0), lists("a", least_rows=-1)),
        (lists("a", most_rows=300), lists("a", most_rows=301)),
        (lists("a", most_rows=1), lists("a", most_rows=0)),
        (lists("a"), lists("a", columns=[])),
    ],
)
async def test_a_form_beyond_its_limits_is_not_looked_at(
    most: Mapping[str, Any], more: Mapping[str, Any]
) -> None:
    office = Office()
    answer = await office.ask("carla", "PUT", "/forms/kundenservice", most)
    assert answer.json()["version"] == 2
    refused = await office.ask("carla", "PUT", "/forms/kundenservice", more)
    assert problem_code(refused, 422) == "invalid"


async def test_what_is_not_said_of_a_question_is_not_asked() -> None:
    """Neither an answer nor a row has to be there, and a hundred rows may be."""
    office = Office()
    said = {"title": "Service", "fields": [NUMBER], "tables": [TABLE]}
    await office.ask("carla", "PUT", "/forms/kundenservice", said)
    form = (await office.ask("carla", "GET", "/forms/kundenservice")).json()
    [question], [table] = form["fields"], form["tables"]
    assert (question["required"], question["personal"]) == (False, False)
    assert (question["least"], question["most"]) == (None, None)
    assert (table["least_rows"], table["most_rows"]) == (0, 100)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (AnswersBody, {"revision": 1, "answers": {f"!{n}": 1 for n in range(1_000)}}),
        (AnswersBody, {"revision": 1, "tables": {f"!{n}": [] for n in range(1_000)}}),
        (FormBody, {"title": "Angaben", "fields": [1] * 1_000}),
        (FormBody, {"title": "Angaben", "fields": [{**NUMBER, "choices": [1] * 1_000}]}),
        (LiveArticles, {"articles": [1] * 1_000}),
        (Reporting, {"reporting_url": "https://a.example", "data_links": [1] * 1_000}),
        (Needs, {"product_types": [1] * 1_000}),
    ],
)
def test_what_is_too_long_is_refused_before_anybody_reads_it(
    kind: type[BaseModel], body: Mapping[str, Any]
) -> None:
    """Each wrong item would be described, which takes seconds for a body of a megabyte."""
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(body)
    assert refused.value.error_count() == 1
