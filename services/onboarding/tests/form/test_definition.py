"""Form definitions are data: shipped with the service, and versioned by central."""

from dataclasses import replace
from hashlib import sha256
from importlib.resources import files
from string import ascii_lowercase
from typing import Any

import msgspec
import pytest

from onboarding.form.definition import (
    DEFINITION_DECIDER,
    FORMS,
    INITIAL,
    REVISED,
    DefineForm,
    Definitions,
    forms_of,
    mistakes_of,
    newest,
    of_version,
    shipped,
)
from onboarding.form.refusals import DefinitionInvalidError, FormNotFoundError, VersionUnknownError
from zugabe_events.contracts.onboarding import FormColumn, FormDefined, FormTable
from zugabe_testing.deciders import given

ASKED = FormColumn("rabatt", "Rabatt?", "yes-no")
HEIGHT = FormColumn("hoehe", "Wie viel?", "decimal", least=1, most=100, only_if="rabatt")
TEXT = FormColumn("anmerkung", "Anmerkung", "text")
ROWS = FormTable("personen", "Personen", (FormColumn("name", "Name", "text", personal=True),))

SHIPPED = {
    "marken-und-vertrieb": "4bc93caff7d1ea6d",
    "plattformauswahl": "b661e7ecc2610134",
    "ansprechpartner": "7dee37a7b62b000b",
    "produkttypen": "a67db02054d29c63",
    "lagerbestand": "d5d5d2ebd7e94995",
    "kundenservice": "7b94670beec5ce59",
}
"""Filled forms refer to these as version 1. Another text belongs into another version."""


def define(*fields: FormColumn, tables: tuple[FormTable, ...] = (), **changes: Any) -> DefineForm:
    command = DefineForm("kundenservice", "Kundenservice", "", fields, tables)
    return replace(command, **changes)


def defined(version: int, *fields: FormColumn) -> FormDefined:
    return FormDefined(
        form="kundenservice",
        version=version,
        step="customer-service",
        title="Kundenservice",
        introduction="",
        per_brand=False,
        fields=fields,
    )


@pytest.mark.parametrize("form", FORMS)
def test_what_was_shipped_is_right_and_never_changes(form: str) -> None:
    content = (files("onboarding.form") / "definitions" / f"{form}.json").read_bytes()
    assert sha256(content).hexdigest()[:16] == SHIPPED[form]
    assert mistakes_of(shipped(form)[-1]) == []
    assert (INITIAL[form].form, INITIAL[form].version) == (form, 1)


def test_a_revised_form_is_right_and_never_changes() -> None:
    """ON-20, Q33: forms that were filled in before keep their version."""
    revised, plausible = REVISED["plattformauswahl"]
    content = (files("onboarding.form") / "definitions/plattformauswahl-2.json").read_bytes()
    assert sha256(content).hexdigest()[:16] == "4d615e186e5dbbd4"
    for versions in REVISED.values():
        assert [mistakes_of(version) for version in versions] == [[]] * len(versions)
    assert newest("plattformauswahl", Definitions()) == plausible
    assert of_version("plattformauswahl", Definitions(), 2) == revised
    assert of_version("plattformauswahl", Definitions(), 1) == INITIAL["plattformauswahl"]
    own = msgspec.structs.replace(revised, title="Unsere Auswahl")
    assert of_version("plattformauswahl", Definitions((own,)), 2) == own


def test_every_step_has_its_forms_and_two_are_for_releases() -> None:
    """ON-14, ON-16, ON-18, ON-23, ON-24, ON-30, ON-33"""
    assert forms_of("releases") == ("marken-und-vertrieb", "plattformauswahl")
    assert forms_of("contacts") == ("ansprechpartner",)
    assert forms_of("data-models") == ("produkttypen",)
    assert forms_of("warehouse") == ("lagerbestand",)
    assert forms_of("customer-service") == ("kundenservice",)
    of_partner = [form for form in FORMS if not INITIAL[form].per_brand]
    assert of_partner == ["ansprechpartner", "kundenservice"]


def test_central_defines_the_next_version() -> None:
    given(DEFINITION_DECIDER).when(define(ASKED, HEIGHT)).then(defined(2, ASKED, HEIGHT))
    given(DEFINITION_DECIDER, defined(2, ASKED)).when(define(TEXT)).then(defined(3, TEXT))


def test_the_same_content_again_changes_nothing() -> None:
    given(DEFINITION_DECIDER, defined(2, ASKED)).when(define(ASKED)).then()
    first = INITIAL["kundenservice"]
    same = define(*first.fields, tables=first.tables, title=first.title)
    given(DEFINITION_DECIDER).when(replace(same, introduction=first.introduction)).then()


def test_a_form_that_nobody_shipped_cannot_be_defined() -> None:
    given(DEFINITION_DECIDER).when(define(TEXT, form="wunschzettel")).refused(FormNotFoundError)


def test_filled_forms_find_their_own_version() -> None:
    versions = Definitions((defined(2, ASKED), defined(3, TEXT)))
    assert of_version("kundenservice", versions, 1) == INITIAL["kundenservice"]
    assert of_version("kundenservice", versions, 2) == defined(2, ASKED)
    assert newest("kundenservice", versions) == defined(3, TEXT)
    assert newest("kundenservice", Definitions()) == INITIAL["kundenservice"]
    with pytest.raises(VersionUnknownError):
        of_version("kundenservice", versions, 4)


def column(**changes: Any) -> FormColumn:
    return msgspec.structs.replace(TEXT, **changes)


def choice_of(*ids: str) -> FormColumn:
    return column(kind="choice", choices=("eins", "zwei"), choice_ids=ids)


@pytest.mark.parametrize(
    ("fields", "tables", "where"),
    [
        ((), (), "fields"),
        ((TEXT, TEXT), (), "anmerkung"),
        ((column(name="personen"),), (ROWS,), "personen"),
        ((column(name="Anmerkung 1"),), (), "Anmerkung 1"),
        ((HEIGHT,), (), "fields.hoehe"),
        ((HEIGHT, ASKED), (), "fields.hoehe"),
        ((TEXT, column(name="b", only_if="anmerkung")), (), "fields.b"),
        ((column(kind="choice"),), (), "fields.anmerkung"),
        ((column(choices=("a",)),), (), "fields.anmerkung"),
        ((column(kind="choice", choices=("a", "a")),), (), "fields.anmerkung"),
        ((column(kind="choices", choices=("a",), personal=True),), (), "fields.anmerkung"),
        ((choice_of("a", "a"),), (), "fields.anmerkung"),
        ((choice_of("a"),), (), "fields.anmerkung"),
        ((choice_of("a", "b/c"),), (), "fields.anmerkung"),
        ((choice_of("zwei", "eins"),), (), "fields.anmerkung"),
        ((TEXT, column(name="b", only_if="anmerkung", only_if_choice="a")), (), "fields.b"),
        ((choice_of("a", "b"), column(name="b", only_if_choice="a")), (), "fields.b"),
        (
            (choice_of("a", "b"), column(name="b", only_if="anmerkung", only_if_choice="c")),
            (),
            "fields.b",
        ),
        ((column(least=5, most=4),), (), "fields.anmerkung"),
        ((column(most=201),), (), "fields.anmerkung"),
        ((column(kind="date", most=5),), (), "fields.anmerkung"),
        ((column(kind="decimal", most=10**13),), (), "fields.anmerkung"),
        (tuple(column(name="a" * n) for n in range(1, 62)), (), "fields"),
        ((TEXT,), (msgspec.structs.replace(ROWS, columns=()),), "tables.personen"),
        ((TEXT,), (msgspec.structs.replace(ROWS, most_rows=301),), "tables.personen"),
        ((TEXT,), (msgspec.structs.replace(ROWS, least_rows=5, most_rows=4),), "tables.personen"),
        (
            (ASKED,),
            (msgspec.structs.replace(ROWS, columns=(column(only_if="rabatt"),)),),
            "tables.personen.anmerkung",
        ),
    ],
)
def test_questions_that_contradict_themselves_are_refused(
    fields: tuple[FormColumn, ...], tables: tuple[FormTable, ...], where: str
) -> None:
    refusal = (
        given(DEFINITION_DECIDER)
        .when(define(*fields, tables=tables))
        .refused(DefinitionInvalidError)
    )
    assert where in [one["where"] for one in refusal.lists["errors"]]


def test_all_mistakes_are_named_at_once() -> None:
    wrong = (column(kind="choice"), column(name="b", most=-1), HEIGHT)
    refusal = given(DEFINITION_DECIDER).when(define(*wrong)).refused(DefinitionInvalidError)
    assert refusal.facts["mistakes"] == 3
    assert [one["where"] for one in refusal.lists["errors"]] == [
        "fields.anmerkung",
        "fields.b",
        "fields.hoehe",
    ]


def test_the_choice_of_platforms_stays_whatever_else_central_asks() -> None:
    """ON-4, ON-16, Q33: and each has an id"""
    named = FormColumn("plattformen", "Wo?", "choices", required=True, choices=("bol.com",))
    for question in (TEXT, named):
        command = define(question, form="plattformauswahl")
        given(DEFINITION_DECIDER).when(command).refused(
            DefinitionInvalidError, "definition-invalid"
        )


def columns(number: int) -> tuple[FormColumn, ...]:
    return tuple(
        column(name=ascii_lowercase[n // 26] + ascii_lowercase[n % 26]) for n in range(number)
    )


def rows(**changes: Any) -> tuple[FormTable, ...]:
    return (msgspec.structs.replace(ROWS, **changes),)


def of_tables(number: int) -> DefineForm:
    return define(tables=tuple(rows(name=ascii_lowercase[n])[0] for n in range(number)))


def choosing(*choices: str, **changes: Any) -> DefineForm:
    return define(column(kind="choice", choices=choices, **changes))


@pytest.mark.parametrize(
    ("most", "more", "where"),
    [
        (define(*columns(60)), define(*columns(61)), "fields"),
        (of_tables(5), of_tables(6), "tables"),
        (
            define(tables=rows(columns=columns(20))),
            define(tables=rows(columns=columns(21))),
            "tables.personen",
        ),
        (
            choosing(*map(str, range(100))),
            choosing(*map(str, range(101))),
            "fields.anmerkung",
        ),
        (choosing("a", "b"), choosing("a", ""), "fields.anmerkung"),
        (
            choosing("a", personal=True),
            define(column(kind="yes-no", personal=True)),
            "fields.anmerkung",
        ),
        (define(tables=rows(most_rows=300)), define(tables=rows(most_rows=301)), "tables.personen"),
        (
            define(tables=rows(least_rows=0, most_rows=1)),
            define(tables=rows(least_rows=0, most_rows=0)),
            "tables.personen",
        ),
        (
            define(tables=rows(least_rows=4, most_rows=4)),
            define(tables=rows(least_rows=5, most_rows=4)),
            "tables.personen",
        ),
        (define(column(most=200)), define(column(most=201)), "fields.anmerkung"),
        (
            define(column(kind="long-text", most=5_000)),
            define(column(kind="long-text", most=5_001)),
            "fields.anmerkung",
        ),
        (
            define(column(kind="email", most=254)),
            define(column(kind="email", most=255)),
            "fields.anmerkung",
        ),
        (
            define(column(kind="phone", most=40)),
            define(column(kind="phone", most=41)),
            "fields.anmerkung",
        ),
        (define(column(least=0)), define(column(least=-1)), "fields.anmerkung"),
        (
            define(column(kind="decimal", most=1_000_000_000_000)),
            define(column(kind="decimal", most=1_000_000_000_001)),
            "fields.anmerkung",
        ),
        (
            define(column(kind="whole-number", least=-1_000_000_000_000)),
            define(column(kind="whole-number", least=-1_000_000_000_001)),
            "fields.anmerkung",
        ),
        (define(column(least=5, most=5)), define(column(least=6, most=5)), "fields.anmerkung"),
    ],
)
def test_a_form_may_go_to_its_limits_and_not_beyond(
    most: DefineForm, more: DefineForm, where: str
) -> None:
    """X-7"""
    [made] = DEFINITION_DECIDER.decide(most, DEFINITION_DECIDER.initial)
    assert (made.fields, made.tables) == (most.fields, most.tables)
    refusal = given(DEFINITION_DECIDER).when(more).refused(DefinitionInvalidError)
    assert [one["where"] for one in refusal.lists["errors"]] == [where]


def test_of_very_many_mistakes_the_first_fifty_are_told() -> None:
    """X-7: and how many there are."""
    wrong = [column(name="A" * 70 + str(number)) for number in range(51)]
    refusal = given(DEFINITION_DECIDER).when(define(*wrong)).refused(DefinitionInvalidError)
    assert refusal.facts["mistakes"] == 51
    assert [one["where"] for one in refusal.lists["errors"]] == ["A" * 64] * 50
