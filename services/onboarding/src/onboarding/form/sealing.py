"""Personal answers are sealed before they go anywhere, with a key for each row, and opened for who
reads the form."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from onboarding.form.answers import Checked, Said
from onboarding.form.decider import Content, Place
from onboarding.form.refusals import AnswersInvalidError, Mistake
from zugabe_events.contracts.onboarding import Answer, FormRow, PersonalAnswer
from zugabe_events.domain.event import derived_id
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of, shown_as


async def sealed(
    place: Place, version: int, checked: Checked, people: People, at: datetime
) -> Content:
    """Raise AnswersInvalidError for rows of people who were erased, and KeysUnavailableError."""
    by_contact: dict[str, list[Said]] = defaultdict(list)
    for said in checked.said:
        if said.personal:
            by_contact[contact_of(place, said)].append(said)
    personal: list[PersonalAnswer] = []
    mistakes: list[Mistake] = []
    for contact_id, some in by_contact.items():
        texts = {column_of(said.field): said.text for said in some}
        person = person_of(place.partner, contact_id)
        found = await people.seal(person, "letter", at, **texts)
        if found is None:
            mistakes.append(erased(some[0]))
            continue
        personal += [
            PersonalAnswer(said.field, contact_id, found[column_of(said.field)], said.row)
            for said in some
        ]
    if mistakes:
        raise AnswersInvalidError(mistakes)
    return Content(
        version,
        tuple(FormRow(table, row) for table, row in checked.rows),
        tuple(
            Answer(said.field, said.text, said.row) for said in checked.said if not said.personal
        ),
        tuple(personal),
    )


def contact_of(place: Place, said: Said) -> str:
    """Filled in again, a row is about the same person; it does not tell who that is."""
    row = (said.table or "", said.row or "")
    return derived_id("onboarding.contact", place.partner, place.brand, place.form, *row).hex


def erased(said: Said) -> Mistake:
    where = f"tables.{said.table}.{said.row}" if said.table else f"answers.{said.field}"
    return Mistake(where, "Diese Person wurde gelöscht. Bitte legen Sie eine neue Zeile an.")


def column_of(field: str) -> str:
    return field.rpartition(".")[2]


def plain_texts(content: Content, partner: str, unsealed: Mapping[str, str]) -> tuple[Answer, ...]:
    """All answers, with what was sealed as its reader may see it."""
    return (
        *content.answers,
        *(
            Answer(
                answer.field,
                shown_as(
                    person_of(partner, answer.contact_id),
                    column_of(answer.field),
                    answer.text,
                    unsealed,
                ),
                answer.row,
            )
            for answer in content.personal
        ),
    )
