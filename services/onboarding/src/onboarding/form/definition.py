"""What a form asks: defined by central, version after version (X-13)."""

from collections.abc import Sequence
from dataclasses import dataclass

from onboarding.form.initial import initial_form
from onboarding.form.questions import mistakes_of
from onboarding.form.refusals import DefinitionInvalidError, VersionUnknownError
from zugabe_events.contracts.onboarding import FormColumn, FormDefined, FormTable
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class DefineForm:
    form: str
    title: str
    introduction: str
    fields: tuple[FormColumn, ...]
    tables: tuple[FormTable, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Of one form, those behind the first, which ships with the service."""

    later: tuple[FormDefined, ...] = ()


def decide(command: DefineForm, definitions: Definitions) -> Sequence[FormDefined]:
    """Which step a form belongs to, and whether brands fill it in, rests: gates count on it."""
    before = newest(command.form, definitions)
    defined = FormDefined(
        form=command.form,
        version=before.version + 1,
        step=before.step,
        title=command.title,
        introduction=command.introduction,
        per_brand=before.per_brand,
        fields=command.fields,
        tables=command.tables,
    )
    if mistakes := mistakes_of(defined):
        raise DefinitionInvalidError(mistakes)
    return [] if asks_the_same(defined, before) else [defined]


def asks_the_same(one: FormDefined, other: FormDefined) -> bool:
    return (one.title, one.introduction, one.fields, one.tables) == (
        other.title,
        other.introduction,
        other.fields,
        other.tables,
    )


def evolve(definitions: Definitions, event: FormDefined) -> Definitions:
    return Definitions((*definitions.later, event))


def newest(form: str, definitions: Definitions) -> FormDefined:
    """Raises FormNotFoundError."""
    return definitions.later[-1] if definitions.later else initial_form(form)


def of_version(form: str, definitions: Definitions, version: int) -> FormDefined:
    """Raises VersionUnknownError, FormNotFoundError."""
    for one in (initial_form(form), *definitions.later):
        if one.version == version:
            return one
    raise VersionUnknownError(newest(form, definitions).version)


DEFINITION_DECIDER: Decider[DefineForm, Definitions, FormDefined] = Decider(
    "form-definition", Definitions(), decide, evolve
)


def definition_history(form: str) -> History[Definitions, FormDefined]:
    return History(Stream(f"form-definition/{form}", "form-definition"), DEFINITION_DECIDER)
