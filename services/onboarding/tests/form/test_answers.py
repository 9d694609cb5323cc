"""Input is converted to canonical text, or refused with all its mistakes at once."""

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.form.answers import FormInput, Row, ValidatedForm, checked
from onboarding.form.definition import FORMS, INITIAL
from onboarding.form.refusals import AnswersInvalidError
from onboarding.form.values import Value, WrongError, texts_of
from zugabe_events.contracts.onboarding import FieldKind, FormColumn, FormTable

PERSON = {"abteilung": "Logistik", "name": "Kim Kai", "email": "kim@nordwind.example"}


def column(kind: FieldKind, **changes: Any) -> FormColumn:
    choices = ("eins", "zwei", "drei") if kind in ("choice", "choices") else ()
    return FormColumn("frage", "Frage", kind, **{"choices": choices, **changes})


@pytest.mark.parametrize(
    ("asked", "value", "texts"),
    [
        (column("text"), "  Nordkap  ", ("Nordkap",)),
        (column("text"), "Cafe\u0301", ("Café",)),
        (column("text"), "   ", ()),
        (column("text"), "\u200b\u00a0\u2060", ()),
        (column("text"), "\u200bNord\u00adkap\ufeff", ("Nord\u00adkap",)),
        (column("text"), None, ()),
        (column("long-text"), "eins \r\nzwei\r\n", ("eins\nzwei",)),
        (column("whole-number"), 17, ("17",)),
        (column("whole-number"), "0017", ("17",)),
        (column("whole-number"), -0, ("0",)),
        (column("decimal"), 12.50, ("12.5",)),
        (column("decimal"), "0012.500", ("12.5",)),
        (column("decimal"), "-0.0", ("0",)),
        (column("decimal"), "1234,50", ("1234.5",)),
        (column("decimal"), 100, ("100",)),
        (column("decimal"), 1e3, ("1000",)),
        (column("yes-no"), True, ("ja",)),
        (column("yes-no"), "nein", ("nein",)),
        (column("choice"), "zwei", ("zwei",)),
        (column("choices"), ["drei", "eins", "drei"], ("eins", "drei")),
        (column("choices"), "zwei", ("zwei",)),
        (column("choices"), [], ()),
        (column("choice", choice_ids=("a", "b", "c")), "zwei", ("b",)),
        (column("choice", choice_ids=("a", "b", "c")), "b", ("b",)),
        (column("choices", choice_ids=("a", "b", "c")), ["c", "eins", "drei"], ("a", "c")),
        (column("email"), " kim@nordwind.example ", ("kim@nordwind.example",)),
        (column("phone"), "+49 (40) 123-45", ("+49 (40) 123-45",)),
        (column("date"), "2026-02-28", ("2026-02-28",)),
        (column("text", least=3), "abc", ("abc",)),
        (column("text"), "x" * 200, ("x" * 200,)),
        (column("long-text", most=5), "genau", ("genau",)),
        (column("long-text"), "x" * 5_000, ("x" * 5_000,)),
        (column("whole-number", least=1), 1, ("1",)),
        (column("whole-number"), 1_000_000_000_000, ("1000000000000",)),
        (column("whole-number"), -1_000_000_000_000, ("-1000000000000",)),
        (column("decimal", most=100), 100.0, ("100",)),
        (column("yes-no"), False, ("nein",)),
        (column("yes-no"), "ja", ("ja",)),
        (column("date"), "1900-01-01", ("1900-01-01",)),
        (column("date"), "2200-12-31", ("2200-12-31",)),
    ],
)
def test_an_answer_has_one_text(asked: FormColumn, value: Value, texts: tuple[str, ...]) -> None:
    assert texts_of(asked, value) == texts


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (column("text"), 17),
        (column("text"), "eins\nzwei"),
        (column("text"), "NUL\x00"),
        (column("text"), "x" * 201),
        (column("text", least=3), "ab"),
        (column("long-text", most=5), "zu lang"),
        (column("whole-number"), True),
        (column("whole-number"), 1.0),
        (column("whole-number"), "1.0"),
        (column("whole-number"), 10**400),
        (column("whole-number", least=1), 0),
        (column("whole-number"), "١٧"),
        (column("decimal"), "1,5,0"),
        (column("decimal"), "1.234.567"),
        (column("decimal"), "NaN"),
        (column("decimal"), float("inf")),
        (column("decimal"), 1e300),
        (column("decimal"), 10**300),
        (column("decimal"), "0.1234567"),
        (column("decimal", most=100), 100.5),
        (column("yes-no"), 1),
        (column("yes-no"), "vielleicht"),
        (column("choice"), "vier"),
        (column("choice"), ["eins"]),
        (column("choices"), ["eins", "vier"]),
        (column("choices"), True),
        (column("email"), "kim"),
        (column("email"), "kim@a@b.example"),
        (column("phone"), "ruf an"),
        (column("date"), "28.02.2026"),
        (column("date"), "2026-02-30"),
        (column("date"), "0001-01-01"),
    ],
)
def test_what_is_no_answer_is_told(asked: FormColumn, value: Value) -> None:
    with pytest.raises(WrongError) as wrong:
        texts_of(asked, value)
    assert str(wrong.value).endswith(".")


@pytest.mark.parametrize(
    ("asked", "value", "told"),
    [
        (
            column("text", least=3),
            "ab",
            "Der Text muss mindestens 3 und höchstens 200 Zeichen lang sein.",
        ),
        (column("text"), "x" * 201, "Der Text darf höchstens 200 Zeichen lang sein."),
        (column("long-text", most=5), "zu lang", "Der Text darf höchstens 5 Zeichen lang sein."),
        (column("long-text"), "x" * 5_001, "Der Text darf höchstens 5.000 Zeichen lang sein."),
        (column("whole-number", least=1), 0, "Die Zahl muss mindestens 1 betragen."),
        (column("whole-number", least=1, most=9), 10, "Die Zahl muss zwischen 1 und 9 liegen."),
        (column("whole-number"), 1_000_000_000_001, "Erwartet wird eine ganze Zahl."),
        (
            column("whole-number"),
            "1000000000001",
            "Die Zahl muss zwischen -1.000.000.000.000 und 1.000.000.000.000 liegen.",
        ),
        (column("decimal", most=100), 100.5, "Die Zahl darf höchstens 100 betragen."),
        (
            column("decimal"),
            "0.1234567",
            "Erwartet wird eine Zahl wie 1234,5 mit höchstens 6 Nachkommastellen.",
        ),
        (column("date"), "20260228", "Erwartet wird ein Datum wie 2026-12-31."),
        (column("date"), "1899-12-31", "Das Jahr muss zwischen 1900 und 2200 liegen."),
        (column("date"), "2201-01-01", "Das Jahr muss zwischen 1900 und 2200 liegen."),
    ],
)
def test_a_limit_that_is_missed_is_named(asked: FormColumn, value: Value, told: str) -> None:
    """X-7"""
    with pytest.raises(WrongError) as wrong:
        texts_of(asked, value)
    assert str(wrong.value) == told


def fill(
    form: str, answers: dict[str, Any], *, complete: bool = True, **tables: Any
) -> ValidatedForm:
    return checked(INITIAL[form], FormInput(answers, tables), complete=complete)


def wrong(form: str, answers: dict[str, Any], **tables: Any) -> dict[str, str]:
    with pytest.raises(AnswersInvalidError) as refused:
        fill(form, answers, **tables)
    return {one["where"]: one["detail"] for one in refused.value.lists["errors"]}


def test_the_height_of_a_discount_is_asked_only_if_one_is_granted() -> None:
    """ON-33"""
    kim = [Row("r1", {"name": "Kim Kai", "email": "kim@nordwind.example"})]
    said = fill("kundenservice", {"rabatt": True, "rabatt_prozent": "10"}, ansprechpartner=kim).said
    assert [(one.field, one.text) for one in said if not one.personal] == [
        ("rabatt", "ja"),
        ("rabatt_prozent", "10"),
    ]
    fill("kundenservice", {"rabatt": False}, ansprechpartner=kim)
    assert wrong("kundenservice", {"rabatt": True}, ansprechpartner=kim) == {
        "answers.rabatt_prozent": "Diese Angabe fehlt."
    }
    told = wrong("kundenservice", {"rabatt": False, "rabatt_prozent": 10}, ansprechpartner=kim)
    assert told == {"answers.rabatt_prozent": "Diese Angabe ist hier nicht vorgesehen."}


def test_no_department_is_compulsory_and_one_contact_is() -> None:
    """ON-23"""
    one = fill("ansprechpartner", {}, ansprechpartner=[Row("r1", PERSON)])
    assert one.rows == (("ansprechpartner", "r1"),)
    personal = {said.field for said in one.said if said.personal}
    assert personal == {"ansprechpartner.name", "ansprechpartner.email"}
    assert list(wrong("ansprechpartner", {})) == ["tables.ansprechpartner"]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """X-7: by question and row."""
    rows = [Row("r1", {**PERSON, "email": "kim"}), Row("r2", {"abteilung": "Keine"}), Row("r3", {})]
    told = wrong("ansprechpartner", {"frage": 1}, ansprechpartner=rows, andere=[])
    assert set(told) == {
        "answers.frage",
        "tables.andere",
        "tables.ansprechpartner.r1.email",
        "tables.ansprechpartner.r2.abteilung",
        "tables.ansprechpartner.r2.name",
        "tables.ansprechpartner.r2.email",
        "tables.ansprechpartner.r3.abteilung",
        "tables.ansprechpartner.r3.name",
        "tables.ansprechpartner.r3.email",
    }


def test_rows_are_bounded_and_have_ids_of_their_own() -> None:
    too_many = [Row(f"r{number}", PERSON) for number in range(101)]
    assert list(wrong("ansprechpartner", {}, ansprechpartner=too_many)) == [
        "tables.ansprechpartner"
    ]
    assert len(fill("ansprechpartner", {}, ansprechpartner=too_many[:100]).rows) == 100
    twice = [Row("r1", PERSON), Row("r1", PERSON)]
    assert list(wrong("ansprechpartner", {}, ansprechpartner=twice)) == ["tables.ansprechpartner"]


def test_a_draft_need_not_be_complete_and_must_be_right() -> None:
    assert fill("lagerbestand", {}, complete=False) == ValidatedForm((), ())
    half = fill("lagerbestand", {"bestand": 5}, complete=False, bestaende=[Row("r1", {})])
    assert half.rows == (("bestaende", "r1"),)
    with pytest.raises(AnswersInvalidError):
        fill("lagerbestand", {"bestand": "viele"}, complete=False)


def test_a_row_without_any_answer_may_stand_in_a_draft_only() -> None:
    """X-7"""
    table = FormTable("masse", "Maße", (column("text"),))
    form = msgspec.structs.replace(INITIAL["lagerbestand"], fields=(), tables=(table,))
    empty = FormInput({}, {"masse": [Row("r1", {})]})
    assert checked(form, empty, complete=False).rows == (("masse", "r1"),)
    wrong = FormInput({}, {"masse": [Row("r1", {"frage": 17})]})
    for filled, where, detail in (
        (empty, "tables.masse.r1", "Diese Zeile ist leer."),
        (wrong, "tables.masse.r1.frage", "Erwartet wird ein Text."),
    ):
        with pytest.raises(AnswersInvalidError) as refused:
            checked(form, filled, complete=True)
        assert refused.value.lists["errors"] == [{"where": where, "detail": detail}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
QUESTIONS = [
    one
    for form in INITIAL.values()
    for one in (*form.fields, *(each for table in form.tables for each in table.columns))
]


@given(st.sampled_from(QUESTIONS), JSON)
def test_whatever_is_sent_is_an_answer_or_is_told(asked: FormColumn, value: Any) -> None:
    """X-10: and an answer, sent again as it is shown, stays the same."""
    try:
        texts = texts_of(asked, value)
    except WrongError:
        return
    shown: Value = list(texts) if asked.kind == "choices" else (texts[0] if texts else None)
    assert texts_of(asked, shown) == texts


@given(
    st.sampled_from(FORMS),
    st.dictionaries(st.sampled_from([one.name for one in QUESTIONS]) | st.text(), JSON),
    st.dictionaries(
        st.sampled_from(["ansprechpartner", "bestaende", "produkttypen"]) | st.text(),
        st.lists(
            st.builds(
                Row,
                st.text(),
                st.dictionaries(st.sampled_from([one.name for one in QUESTIONS]), JSON),
            ),
            max_size=3,
        ),
    ),
    st.booleans(),
)
def test_whatever_is_filled_in_is_taken_or_told(
    form: str, answers: Any, tables: Any, complete: bool
) -> None:
    with suppress(AnswersInvalidError):
        found = checked(INITIAL[form], FormInput(answers, tables), complete=complete)
        assert all(one.text for one in found.said)


def test_a_number_of_more_digits_than_python_writes_is_told() -> None:
    with pytest.raises(WrongError):
        texts_of(column("decimal"), 10**5_000)
