"""Tallies, which have no views, and the stamps of documents."""

from collections.abc import Collection, Iterable, Sequence

from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import TALLY, AnyReadModel, tally_key
from zugabe_events.domain.views import Stamp, Stamps
from zugabe_events.mongo.client import Document

SEEN = "seen"
"""The field of documents with the position of the last event by lane."""

BUILD = "build"


def tallied(model: AnyReadModel, event: Event, part: int) -> Sequence[str]:
    """The stored keys of the tallies that an event of this part changes."""
    assert model.tallies is not None
    names = model.tallies.names(event)
    if model.tallies.by_part:
        return [f"{tally_key(name)}{TALLY}{part}" for name in names]
    return [tally_key(name) for name in names]


def stored_keys(model: AnyReadModel, keys: Collection[str], parts: int) -> list[str]:
    """The keys of documents, with those of all parts instead of a tally's own."""
    if model.tallies is None or not model.tallies.by_part:
        return list(dict.fromkeys(keys))
    found: dict[str, None] = {}
    for key in keys:
        if key.startswith(TALLY):
            found |= dict.fromkeys([f"{key}{TALLY}{part}" for part in range(parts)])
        else:
            found[key] = None
    return list(found)


def stamps_of(model: AnyReadModel, build: int, documents: Iterable[Document]) -> Stamps:
    """By their own keys; a build that was made anew has other stamps."""
    found: dict[tuple[str, str], Stamp] = {}
    for document in documents:
        key: str = document["_id"]
        if key.startswith(TALLY):
            name = (model.name, TALLY + key.split(TALLY)[1])
            found[name] = {BUILD: build, **found.get(name, {}), **document[SEEN]}
        else:
            found[model.name, key] = {BUILD: build, **document[SEEN]}
    return found
