"""From what is stored or was typed to what onboarding takes, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import FormData, UploadFile

from zugabe_web.forms.definition import Column, Definition, FilledForm, FilledRow, Table
from zugabe_web.forms.typed import body_of, canonical, sent, stored

TABLE = Table("zeilen", "Zeilen", (Column("menge", "Menge", "whole-number"),))
FORM = Definition(
    "f",
    2,
    "warehouse",
    "Formular",
    "",
    True,
    (
        Column("name", "Name", "text"),
        Column("preis", "Preis", "decimal"),
        Column("wo", "Wo", "choices", choices=("Otto", "eBay"), choice_ids=("otto", "ebay")),
        Column("ja", "Ja?", "yes-no"),
        Column("warum", "Warum?", "long-text", only_if="ja"),
        Column("womit", "Womit?", "text", only_if="wo", only_if_choice="ebay"),
    ),
    (TABLE,),
)


@pytest.mark.parametrize(
    ("kind", "typed", "taken"),
    [
        ("whole-number", "1.000", "1000"),
        ("whole-number", "12.345.678", "12345678"),
        ("whole-number", "1.00", "1.00"),
        ("whole-number", "1000.000", "1000.000"),
        ("decimal", "1.234,50", "1234,50"),
        ("decimal", "12.5", "12.5"),
        ("decimal", "5,50", "5,50"),
        ("date", "1.2.2026", "2026-02-01"),
        ("date", "31. 12. 2026", "2026-12-31"),
        ("date", "2026-12-31", "2026-12-31"),
        ("date", "bald", "bald"),
        ("text", "1.000", "1.000"),
    ],
)
def test_numbers_and_days_are_taken_as_germans_write_them(
    kind: str, typed: str, taken: str
) -> None:
    assert canonical(Column("x", "X", kind), typed) == taken


ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1),
        "preis": st.decimals(0, 9_999, places=2).map(lambda number: f"{number:f}"),
        "wo": st.lists(st.sampled_from(("otto", "ebay")), min_size=1, unique=True),
        "ja": st.just("nein"),
    },
)


@given(ANSWERS, st.lists(st.integers(1, 10**6), max_size=3))
def test_what_is_stored_is_sent_again_as_it_is(
    answers: dict[str, str | list[str]], amounts: list[int]
) -> None:
    """X-12: opening a form and saving it changes nothing."""
    rows = [FilledRow(f"r{n}", {"menge": str(amount)}) for n, amount in enumerate(amounts)]
    filled = FilledForm(
        "", "f", "draft", 3, "partner", "", 2, FORM, answers=answers, tables={"zeilen": rows}
    )
    typed = stored(filled)
    fields: list[tuple[str, str | UploadFile]] = [("revision", "3"), ("version", "2")]
    for name, texts in typed.answers.items():
        fields += [(f"f.{name}", text) for text in texts]
    for row in typed.tables["zeilen"]:
        fields.append(("r.zeilen", row.row))
        fields += [(f"t.zeilen.{row.row}.menge", text) for text in row.answers["menge"]]
    body = body_of(sent(FormData(fields), FORM), FORM)
    with_comma = {**answers}
    if isinstance(price := answers.get("preis"), str):
        with_comma["preis"] = price.replace(".", ",")
    assert body == {
        "revision": 3,
        "version": 2,
        "answers": with_comma,
        "tables": {"zeilen": [{"row": row.row, "answers": row.answers} for row in rows]},
    }


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=20))
def test_whatever_a_browser_sends_only_answers_come_through(fields: list[tuple[str, str]]) -> None:
    names = ("f.name", "f.ja", "f.warum", "r.zeilen", "t.zeilen.r1.menge", "revision", "version")
    known = [(name, text) for (_, text), name in zip(fields, names, strict=False)]
    body = body_of(sent(FormData([*fields, *known]), FORM), FORM)
    assert body["answers"].keys() <= {column.name for column in FORM.fields}
    assert body["tables"].keys() == {"zeilen"}
    assert isinstance(body["revision"], int)
    if body["answers"].get("ja") != "ja":
        assert "warum" not in body["answers"]


def test_a_question_of_a_choice_is_asked_for_that_choice_only() -> None:
    """ON-20"""
    for chosen, is_asked in (("ebay", True), ("otto", False)):
        given = FormData([("f.wo", chosen), ("f.womit", "x")])
        assert ("womit" in body_of(sent(given, FORM), FORM)["answers"]) == is_asked
