"""A form, ready to be filled in: of whom, in which version, as far as it is by now."""

from dataclasses import dataclass
from typing import Any

from onboarding.brand.refusals import BrandNotFoundError
from onboarding.form.answers import checked
from onboarding.form.decider import form_history
from onboarding.form.definition import definition_history, newest, of_version
from onboarding.form.filled import Content, Form, Place
from onboarding.form.initial import initial_form
from onboarding.form.refusals import FormNotFoundError, VersionUnknownError
from onboarding.form.requests import AnswersBody
from onboarding.form.sealing import sealed
from onboarding.form.shown import FilledForm, shown_form
from onboarding.partner.decider import partner_history
from onboarding.partner.history import Open, known
from zugabe_events.contracts.onboarding import FormDefined
from zugabe_events.domain.decider import History
from zugabe_events.domain.event_store import EventStore, states_of
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import RequestContext


@dataclass(frozen=True, slots=True)
class Desk:
    """`partner` is whose form it is; `definition` is of the form's own version."""

    place: Place
    form: Form
    definition: FormDefined
    newest: FormDefined
    partner: Open

    def version_for(self, body: AnswersBody) -> FormDefined:
        """Raises VersionUnknownError for others than the form's own and the newest."""
        if body.version is None or body.version == self.definition.version:
            return self.definition
        if body.version == self.newest.version:
            return self.newest
        raise VersionUnknownError(self.newest.version)


async def desk_of(store: EventStore, place: Place) -> Desk:
    """Raises NotFoundError for a form that there is not, or not for this brand or partner."""
    first = initial_form(place.form)
    if first.per_brand and not place.brand:
        raise FormNotFoundError("Dieses Formular wird je Marke ausgefüllt.")
    if place.brand and not first.per_brand:
        raise FormNotFoundError("Dieses Formular wird einmal für alle Marken ausgefüllt.")
    histories: list[History[Any, Any]] = [
        partner_history(place.partner),
        definition_history(place.form),
        form_history(place),
    ]
    of_partner, definitions, form = await states_of(store, histories)
    partner = known(of_partner)
    if place.brand not in ("", *partner.brands):
        raise BrandNotFoundError
    latest = newest(place.form, definitions)
    own = of_version(place.form, definitions, form.content.version) if form.content else latest
    return Desk(place, form, own, latest, partner)


async def content_of(
    desk: Desk, body: AnswersBody, asked: RequestContext, people: People, *, complete: bool
) -> Content:
    """From here on nobody sees whom it is about. Raises AnswersInvalidError."""
    definition = desk.version_for(body)
    found = checked(definition, body.filled_in(), complete=complete)
    return await sealed(desk.place, definition.version, found, people, asked.context.at)


async def shown(desk: Desk, people: People) -> FilledForm:
    return await shown_form(desk.place, desk.form, desk.definition, desk.newest.version, people)
