"""HTTP for what happened to a brand: when, by whom, and what, from the streams themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends

from onboarding.board.history import of_brand, of_form, of_partner
from onboarding.brand.decider import brand_history
from onboarding.brand.state import BrandNotFoundError
from onboarding.form.decider import FormKey, form_history
from onboarding.form.definition import INITIAL
from onboarding.partner.decider import partner_history
from onboarding.partner.state import onboarding_of
from zugabe_events.domain.cursor import decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.event import event_id
from zugabe_events.domain.event_store import EventStore, RecordedCommit, state_of
from zugabe_events.domain.views import Page
from zugabe_events.encryption.personal_data import People
from zugabe_events.http.authorization import Access
from zugabe_events.http.fields import Cursor, Id, Limit
from zugabe_events.http.request_context import RequestContext

type By = Literal["central", "partner", "service", "system"]

SIDES: Mapping[str, By] = {"central": "central", "partner": "partner", "service": "service"}
SORT = "history"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """`by` is the side that did it, `system` for what followed by itself; `actor` is the id of
    whoever it was, and `name` theirs, for the contact and the manager of today."""

    id: str
    at: datetime
    by: By
    actor: str
    name: str | None
    text: str


def history_api(store: EventStore, people: People, access: Access) -> APIRouter:
    router = APIRouter(prefix="/partners/{partner}/brands/{brand}", tags=["brand"])

    @router.get("/history")
    async def get_history(
        partner: Id,
        brand: Id,
        request: Annotated[RequestContext, Depends(access.requires("see-history"))],
        after: Cursor | None = None,
        limit: Limit = 50,
    ) -> Page[HistoryEntry]:
        """The newest first; a page has the events of `limit` commits."""
        onboarding = onboarding_of(await state_of(store, partner_history(partner)))
        if brand not in onboarding.brands:
            raise BrandNotFoundError
        found = await store.latest(streams_of(partner, brand), limit, position(after))
        contact, manager = onboarding.contact, onboarding.manager
        sealed = {contact.contact_id: contact.name}
        sealed |= {manager.manager_id: manager.name} if manager else {}
        opened = await people.open(sealed.values())
        names = {
            who: name for who, text in sealed.items() if isinstance(name := opened.get(text), str)
        }
        last = found[-1] if len(found) == limit else None
        following = encode_cursor(last.recorded_at, str(last.id), SORT) if last else None
        entries = [entry for commit in found for entry in entries_of(commit, partner, brand, names)]
        return Page(entries, following)

    return router


def streams_of(partner: str, brand: str) -> Sequence[str]:
    forms = (
        FormKey(partner, brand if form.per_brand else "", name) for name, form in INITIAL.items()
    )
    return [
        partner_history(partner).stream.id,
        brand_history(partner, brand).stream.id,
        *(form_history(key).stream.id for key in forms),
    ]


def position(after: str | None) -> tuple[datetime, UUID] | None:
    """Raise InvalidError."""
    if after is None:
        return None
    at, commit_id = decode_cursor(after, SORT)
    try:
        if isinstance(at, datetime):
            return at, UUID(commit_id)
    except ValueError:
        pass
    raise invalid_cursor()


def entries_of(
    commit: RecordedCommit, partner: str, brand: str, names: Mapping[str, str]
) -> Sequence[HistoryEntry]:
    by = SIDES.get(commit.role, "system")
    found = []
    for index, event in reversed(list(enumerate(commit.events))):
        if commit.stream == partner_history(partner).stream.id:
            text = of_partner(event, brand)
        elif commit.stream == brand_history(partner, brand).stream.id:
            text = of_brand(event)
        else:
            text = of_form(event)
        if text is not None:
            name = names.get(commit.actor) if by != "system" else None
            found.append(
                HistoryEntry(
                    event_id(commit.id, index), commit.recorded_at, by, commit.actor, name, text
                )
            )
    return found
