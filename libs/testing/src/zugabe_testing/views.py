"""Read models in memory, folded from in-memory logs on every query."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any

from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import SortValue, decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.projection import ReadModel, tally_key
from zugabe_events.domain.search_words import WORD, common_part, folded, root, words_of
from zugabe_events.domain.views import (
    RELEVANCE,
    FilterValue,
    Page,
    Stamp,
    Stamps,
    Words,
    irrelevant,
    meets,
)
from zugabe_testing.event_store import InMemoryEventStore


class InMemoryViews[View]:
    """Every query shows all that the stores hold; the lanes of a log come in its own order.

    While `is_late`, it shows only what was there when somebody last waited.
    """

    def __init__(self, read_model: ReadModel[View], stores: Sequence[InMemoryEventStore]) -> None:
        self.read_model = read_model
        self.stores = stores
        self.documents: dict[str, View] = {}
        self._changes: dict[str, int] = {}
        self._folded = [0] * len(stores)
        self.is_late = False

    async def get(self, key: str) -> View | None:
        self._catch_up()
        return self.documents.get(key)

    async def get_many(self, keys: Collection[str]) -> Mapping[str, View]:
        self._catch_up()
        return {key: self.documents[key] for key in keys if key in self.documents}

    async def get_stamped(self, keys: Collection[str]) -> tuple[Mapping[str, View], Stamps]:
        return await self.get_many(keys), self.stamps_of(keys)

    def stamps_of(self, keys: Collection[str]) -> Stamps:
        """The number of times that each of the documents has changed."""
        self._catch_up()
        name = self.read_model.name
        return {
            (name, key): {"changes": self._changes[key]} for key in keys if key in self._changes
        }

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[View]:
        self._catch_up()
        name = sort.removeprefix("-") if sort else None
        descending = bool(sort and sort.startswith("-"))
        if name == RELEVANCE and not any(isinstance(one, Words) for one in where.values()):
            raise irrelevant()
        found_by = {
            key: score
            for key, view in self.documents.items()
            if (score := self._score(view, where)) is not None
        }

        def value_of(key: str, view: View) -> SortValue:
            if name == RELEVANCE:
                return -found_by[key]
            value: SortValue = getattr(view, name) if name else None
            return value

        found = [(key, view) for key, view in sorted(self.documents.items()) if key in found_by]
        found.sort(key=lambda one: (_rank(value_of(*one)), one[0]), reverse=descending)
        if after is not None:
            value, last = decode_cursor(after, sort)
            if name is None and value is not None:
                raise invalid_cursor()
            try:
                found = [
                    (key, view)
                    for key, view in found
                    if _is_behind(
                        (_rank(value_of(key, view)), key), (_rank(value), last), descending
                    )
                ]
            except TypeError as error:  # a cursor of a list sorted by something else
                raise invalid_cursor() from error
        more = len(found) > limit
        found = found[:limit]
        following = encode_cursor(value_of(*found[-1]), found[-1][0], sort) if more else None
        return Page([view for _, view in found], following)

    def _score(self, view: View, where: Mapping[str, FilterValue]) -> int | None:
        """The degree to which a document meets a condition; None: not at all."""
        score = 0
        for field, wanted in where.items():
            if isinstance(wanted, Words):
                assert self.read_model.search is not None
                score = relevance(view, self.read_model.search.weights, wanted.text)
                if not score:
                    return None
            elif not meets(getattr(view, field), wanted):
                return None
        return score

    async def pick(
        self, where: Mapping[str, FilterValue], fields: Sequence[str], *, limit: int
    ) -> Sequence[Sequence[Any]]:
        self._catch_up()
        found = (view for view in self.documents.values() if self._score(view, where) is not None)
        return [[getattr(view, field) for field in fields] for view in islice(found, limit)]

    async def sums(
        self, where: Mapping[str, FilterValue], fields: Sequence[str]
    ) -> tuple[int, Mapping[str, int]]:
        self._catch_up()
        found = [view for view in self.documents.values() if self._score(view, where) is not None]
        return len(found), {field: sum(getattr(view, field) for view in found) for field in fields}

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        if tokens:
            self._fold_all()

    async def up_to_date(self) -> None:
        self._fold_all()

    def _catch_up(self) -> None:
        if not self.is_late:
            self._fold_all()

    def _fold_all(self) -> None:
        for index, store in enumerate(self.stores):
            for commit, _ in store.commits[self._folded[index] :]:
                for event in commit.events:
                    self.fold(event)
            self._folded[index] = len(store.commits)

    def fold(self, event: Any) -> None:
        """One event, also of a log that no store here holds."""
        for key in self.read_model.keys(event):
            before = self.documents.get(key)
            view = self.read_model.folded(key, before, event)
            if view is not None and view is not before:
                self.documents[key] = view
                self._changes[key] = self._changes.get(key, 0) + 1
        tallies = self.read_model.tallies
        for name in tallies.names(event) if tallies else ():
            key = tally_key(name)
            self._changes[key] = self._changes.get(key, 0) + 1


class InMemoryStamps:
    """The stamps of documents in views in memory; see `StampReader`."""

    def __init__(self, *views: InMemoryViews[Any]) -> None:
        self._views = {one.read_model.name: one for one in views}

    async def stamps(self, keys: Mapping[str, Collection[str]]) -> Stamps:
        found: dict[tuple[str, str], Stamp] = {}
        for name, some in keys.items():
            found |= self._views[name].stamps_of(some)
        return found


class InStep:
    """A follower that has caught up at once; `awaited` are the tokens that it was asked for."""

    def __init__(self) -> None:
        self.awaited: list[Token] = []

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        self.awaited += tokens


def relevance(view: object, weights: Mapping[str, int], text: str) -> int:
    """The weights of fields by how many of the words they have; 0 if a word is nowhere.

    Like MongoDB's: one word must be there in one of its forms, the others as parts of words.
    """
    words = words_of(text)
    fields: list[tuple[str, int]] = []
    for name, weight in weights.items():
        value = getattr(view, name)
        fields.append((value if isinstance(value, str) else " ".join(value), weight))
    whole = folded(" ".join(value for value, _ in fields)).replace("ß", "ss")
    if len(words) > 1 and not all(common_part(word) in whole for word in words):
        return 0
    roots = {root(word) for word in words}
    return sum(
        weight * len(roots & {root(word) for word in WORD.findall(value.lower())})
        for value, weight in fields
    )


def _rank(value: SortValue) -> tuple[bool, Any]:
    """None comes first, as in MongoDB."""
    return (value is not None, value)


def _is_behind(one: tuple[Any, str], other: tuple[Any, str], descending: bool) -> bool:
    return one < other if descending else one > other
