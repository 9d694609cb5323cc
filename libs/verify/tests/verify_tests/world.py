"""The databases as they lay after the story, to be corrupted in a copy."""

import copy
import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from pymongo import DeleteOne, MongoClient, ReplaceOne
from pymongo.database import Database

type Document = dict[str, Any]

SERVICES = ("vouchers", "bonus", "checkout")
LONG_AGO = "2020-01-01T00:00:00Z"


class World:
    """Documents by database and collection, each by the words of its id."""

    def __init__(self, collections: dict[tuple[str, str], dict[str, Document]]) -> None:
        self.collections = collections

    @classmethod
    def of(cls, client: MongoClient[Document]) -> "World":
        return cls(
            {
                (service, name): {repr(document["_id"]): document for document in db[name].find()}
                for service in SERVICES
                for db in [settled(client, service)]
                for name in db.list_collection_names()
                if name not in ("timers", "outbox", "starts")
            }
        )

    def copy(self) -> "World":
        return World(copy.deepcopy(self.collections))

    def write(self, client: MongoClient[Document], prefix: str, before: "World | None") -> None:
        """Make the databases behind `prefix` say this, when they say `before`."""
        for service, name in {*self.collections, *(before.collections if before else ())}:
            documents = self.collections.get((service, name), {})
            old = before.collections.get((service, name), {}) if before else {}
            changes: list[Any] = [
                ReplaceOne({"_id": document["_id"]}, document, upsert=True)
                for key, document in documents.items()
                if document != old.get(key)
            ]
            changes += [
                DeleteOne({"_id": document["_id"]})
                for key, document in old.items()
                if key not in documents
            ]
            if changes:
                settled(client, prefix + service)[name].bulk_write(changes)

    def all(self, service: str, collection: str) -> Iterable[Document]:
        return self.collections[service, collection].values()

    def parts(self, service: str) -> int:
        """How many parts a service's log has."""
        [log] = self.all(service, "log")
        number: int = log["parts"]
        return number

    def without_views(self) -> None:
        """As if no read model had ever been projected."""
        for (_, name), documents in self.collections.items():
            if re.search(r"[.]v\d+[.]", name):
                documents.clear()
            if name == "positions":
                for key in [
                    key
                    for key, position in documents.items()
                    if re.search(r"[.]v\d+[.]", position["consumer"])
                ]:
                    del documents[key]

    def commit(self, service: str, name: str, **fields: Any) -> tuple[Document, Document]:
        """The one commit with such an event, and the event."""
        found = [
            (commit, event)
            for commit in self.all(service, "commits")
            for event in commit["events"]
            if event["name"] == name and fields.items() <= json.loads(event["data"]).items()
        ]
        [(commit, event)] = found
        return commit, event

    def change(self, service: str, name: str, change: Callable[[Any], None], **fields: Any) -> None:
        _, event = self.commit(service, name, **fields)
        body = json.loads(event["data"])
        change(body)
        event["data"] = json.dumps(body)

    def drop(self, service: str, collection: str, document: Document) -> None:
        del self.collections[service, collection][repr(document["_id"])]

    def add(self, service: str, collection: str, document: Document) -> None:
        self.collections.setdefault((service, collection), {})[repr(document["_id"])] = document

    def run_of(self, service: str, commit: Document) -> tuple[Document, int]:
        """The run that names a commit, and its place there."""
        for run in self.all(service, "sequence"):
            for place, entry in enumerate(run["commits"]):
                if entry["id"] == commit["_id"]:
                    return run, place
        raise LookupError(commit["_id"])

    def replace(self, service: str, name: str, **fields: Any) -> Document:
        """The event gives way to one that changes nothing; answers the body that it had."""
        _, event = self.commit(service, name, **fields)
        body: Document = json.loads(event["data"])
        harmless = {"vouchers": "voucher-attempt-ended", "bonus": "reward-attempt-ended"}[service]
        ended = {"attempt": 1, "deadline": LONG_AGO, "ended_at": LONG_AGO}
        named = {field: body[field] for field in ("order_id", "dealer", "user")}
        event["name"], event["data"] = harmless, json.dumps(named | ended)
        return body

    def append(
        self, service: str, like: tuple[Document, Document], name: str, body: Document
    ) -> None:
        """A commit of one event at the end of the same stream and of its part, with a position."""
        commit = copy.deepcopy(like[0])
        versions = [
            other["version"] + len(other["events"])
            for other in self.all(service, "commits")
            if other["stream"] == commit["stream"]
        ]
        event = {"name": name, "schema": 1, "data": json.dumps(body)}
        commit |= {"_id": uuid4(), "version": max(versions), "events": [event]}
        self.add(service, "commits", commit)
        self.sequence(service, commit)

    def sequence(self, service: str, commit: Document) -> None:
        """Give a commit the next positions of its part."""
        last = self.last_run(service, commit["part"])
        count = len(commit["events"])
        run = copy.deepcopy(last) | {
            "_id": {"part": commit["part"], "pos": last["last"] + 1},
            "last": last["last"] + count,
            "commits": [{"id": commit["_id"], "n": count}],
        }
        self.add(service, "sequence", run)

    def last_run(self, service: str, part: int) -> Document:
        runs = [run for run in self.all(service, "sequence") if run["_id"]["part"] == part]
        return max(runs, key=lambda run: run["_id"]["pos"])


def settled(client: MongoClient[Document], name: str) -> Database[Document]:
    return client[name]
