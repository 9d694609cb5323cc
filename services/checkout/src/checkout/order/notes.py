"""Notes of people about an order, sealed with the key of its user."""

from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import person_of
from zugabe_events.http.request_context import RequestContext


async def sealed_note(
    note: str | None, user: str, request: RequestContext, people: People
) -> str | None:
    """None for no note, without a user, and if the user is erased. Raises KeysUnavailableError."""
    if not note or not user:
        return None
    person = person_of(request.context.tenant, user)
    texts = await people.seal(person, "letter", request.context.at, note=note)
    return texts["note"] if texts else None
