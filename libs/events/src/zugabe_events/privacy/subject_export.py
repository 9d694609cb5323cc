"""Export of all that a service stores about a person, as streamed JSON (GDPR art. 15, X-15)."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from zugabe_events.domain.errors import ThrottledError
from zugabe_events.domain.event import Context, event_id
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.sealed_text import parsed, person_of, replaced, sealed_in
from zugabe_events.http.principal import Tenant
from zugabe_events.mongo.client import Database, Document
from zugabe_events.projections.mongo_views import BUILD_FIELDS

BATCH_SIZE = 200

MAX_OWN_A_DAY = 5
"""Exports of their own data that a person may have within 24 hours, from each service."""

NOT_PEOPLE = ("policy", "timer", "operator", "service")
"""Roles of actors whose names may be those of people (S10)."""

NOTICE = (
    "Auskunft nach Art. 15 DSGVO. „events“ sind alle Vorgänge, die diese Person betreffen, "
    "„read_models“ die daraus gebildeten Ansichten, „mails“ die E-Mails an sie und „disclosures“ "
    "die Auskünfte, die über sie erteilt wurden. „gelöscht“, „gesperrt“ oder „verborgen“ steht an "
    "der Stelle von Angaben, die nicht gezeigt werden."
)


@dataclass(frozen=True, slots=True)
class Export:
    """`models` are the service's read models with the collections that serve.

    `tenant` is the kind of tenant that the people belong to; `dealer` is its id.
    """

    db: Database
    service: str
    people: People
    models: Sequence[tuple[AnyReadModel, str]]
    tenant: Tenant = "dealer"

    async def of(self, dealer: str, user: str, *, even_restricted: bool) -> AsyncIterator[bytes]:
        """Stream one JSON object; only a complete one ends with `"complete": true`."""
        person = person_of(dealer, user)
        named = {"notice": NOTICE, "service": self.service, "dealer": dealer, "user": user}
        yield msgspec.json.encode(named)[:-1] + b',"events":['
        async for part in self._listed(self._events(dealer, user), person, even_restricted):
            yield part
        yield b'],"read_models":{'
        for number, (model, collection) in enumerate(self.models):
            yield b"," * (number > 0) + msgspec.json.encode(model.name) + b":["
            found = self._documents(model, collection, dealer, user)
            async for part in self._listed(found, person, even_restricted):
                yield part
            yield b"]"
        for name, found in (
            ("mails", self._mails(person)),
            ("disclosures", self._disclosures(dealer, user)),
        ):
            yield (b"}" if name == "mails" else b"]") + b"," + msgspec.json.encode(name) + b":["
            async for part in self._listed(found, person, even_restricted):
                yield part
        yield b'],"complete":true}\n'

    async def disclose(self, user: str, context: Context, *, even_restricted: bool) -> None:
        """Record who exports whose data and why, before any data is sent.

        Raises ThrottledError for a person who has exported their own data often enough: each time,
        the whole log of their tenant is read (S9).
        """
        if context.actor == user:
            since = {"$gt": context.at - timedelta(days=1)}
            own = {"dealer": context.tenant, "user": user, "actor": user, "at": since}
            if await self.db.disclosures.count_documents(own, limit=MAX_OWN_A_DAY) == MAX_OWN_A_DAY:
                raise ThrottledError(
                    f"Eine Auskunft ist höchstens {MAX_OWN_A_DAY}-mal am Tag möglich. Bitte morgen "
                    "noch einmal: Es wird nichts davon gelöscht.",
                    retry_after=3_600,
                )
        await self.db.disclosures.insert_one(
            {
                "dealer": context.tenant,
                "user": user,
                "actor": context.actor,
                "role": context.role,
                "reason": context.reason,
                "at": context.at,
                "correlation": context.correlation,
                "even_restricted": even_restricted,
            }
        )

    async def _listed(
        self, found: AsyncIterator[Any], person: str, even_restricted: bool
    ) -> AsyncIterator[bytes]:
        """Items with the person's texts opened, in batches; texts of other people stay sealed."""
        first, batch = True, list[Any]()
        async for item in found:
            batch.append(item)
            if len(batch) == BATCH_SIZE:
                yield await self._opened(batch, person, even_restricted, first)
                first, batch = False, []
        if batch:
            yield await self._opened(batch, person, even_restricted, first)

    async def _opened(
        self, batch: Sequence[Any], person: str, even_restricted: bool, first: bool
    ) -> bytes:
        texts = [text for text in sealed_in(batch) if parsed(text).person == person]
        opened = await self.people.open(texts, even_restricted=even_restricted)
        items = replaced(batch, lambda text: opened.get(text, text))
        return b"," * (not first) + b",\n".join(map(msgspec.json.encode, items))

    async def _events(self, dealer: str, user: str) -> AsyncIterator[Mapping[str, Any]]:
        """Events of the person's streams, events they caused, and events that name them."""
        person = person_of(dealer, user)
        sealed = f"~zp1:[a-z-]+:{re.escape(person)}:"
        if self.tenant == "partner":  # what central did for many says so in its commits
            naming = re.compile(sealed)
            caused: Document = {"actor": user, "role": {"$nin": NOT_PEOPLE}}
            if dealer != CENTRAL:
                caused["dealer"] = dealer
            where: Document = {"$or": [{"key": person}, caused, {"events.data": naming}]}
        else:
            naming = re.compile(f'"user":"{re.escape(user)}"|{sealed}')
            caused = {"actor": user, "role": {"$nin": NOT_PEOPLE}}
            own = [{"key": person}, caused, {"events.data": naming}]
            where = {"dealer": dealer, "$or": own}
        commits = self.db.commits.find(where).sort({"part": 1, "at": 1})
        async for commit in commits:
            by_person = (
                commit["actor"] == user
                and commit["role"] not in NOT_PEOPLE
                and dealer in (CENTRAL, commit["dealer"])
            )
            whole_commit = commit["key"] == person or by_person
            for index, stored in enumerate(commit["events"]):
                if whole_commit or naming.search(stored["data"]):
                    yield event_of(commit, index, stored)

    async def _documents(
        self, model: AnyReadModel, collection: str, dealer: str, user: str
    ) -> AsyncIterator[Document]:
        """Documents about a user, or in partners' read models those that name the contact."""
        if self.tenant == "partner":
            whose = {} if dealer == CENTRAL else {"$or": [{"dealer": dealer}, {"partner": dealer}]}
            person = person_of(dealer, user)
            async for document in self.db[collection].find(whose):
                if any(parsed(text).person == person for text in sealed_in(document)):
                    yield without_build(document)
            return
        if not model.fields >= {"dealer", "user"}:
            return
        async for document in self.db[collection].find({"dealer": dealer, "user": user}):
            yield without_build(document)

    async def _mails(self, person: str) -> AsyncIterator[Document]:
        async for mail in self.db.outbox.find({"about": person}, {"next": 0, "tries": 0}):
            yield mail

    async def _disclosures(self, dealer: str, user: str) -> AsyncIterator[Document]:
        found = self.db.disclosures.find({"dealer": dealer, "user": user}, {"_id": 0, "until": 0})
        async for disclosure in found.sort("at"):
            yield disclosure | {"user": user}  # and not whoever else was in the same list


def without_build(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in BUILD_FIELDS}


def event_of(commit: Document, index: int, stored: Document) -> Mapping[str, Any]:
    return {
        "id": event_id(commit["_id"], index),
        "event": stored["name"],
        "stream": commit["stream"],
        "version": commit["version"] + index,
        "at": commit["recorded"],
        "actor": commit["actor"],
        "role": commit["role"],
        "reason": commit["reason"],
        "data": msgspec.json.decode(stored["data"]),
    }
