"""The read models of the liability, folded from events."""

from collections.abc import Iterable, Sequence

from bonus.liability.view import MonthView
from zugabe_events.domain.event import Event
from zugabe_events.domain.projection import ReadModel


def folded(model: ReadModel[MonthView], events: Iterable[Event]) -> Sequence[MonthView]:
    """The months in order."""
    documents: dict[str, MonthView] = {}
    for event in events:
        for key in model.keys(event):
            view = model.folded(key, documents.get(key), event)
            assert view is not None
            documents[key] = view
    return [documents[key] for key in sorted(documents)]
