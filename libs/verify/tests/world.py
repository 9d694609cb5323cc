"""The databases as they lay after the story, to be corrupted in a copy."""

import copy
import json
from collections.abc import Callable, Iterable
from typing import Any

from pymongo import DeleteOne, MongoClient, ReplaceOne
from pymongo.database import Database

type Document = dict[str, Any]

SERVICES = ("vouchers", "bonus", "checkout")


class World:
    """Documents by database and collection, each by the words of its id."""

    def __init__(self, collections: dict[tuple[str, str], dict[str, Document]]) -> None:
        self.collections = collections

    @classmethod
    def of(cls, client: MongoClient[Document]) -> "World":
        return cls(
            {
                (service, name): {repr(one["_id"]): one for one in db[name].find()}
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
        for (service, name), documents in self.collections.items():
            old = before.collections[service, name] if before else {}
            changes: list[Any] = [
                ReplaceOne({"_id": one["_id"]}, one, upsert=True)
                for key, one in documents.items()
                if one != old.get(key)
            ]
            changes += [
                DeleteOne({"_id": one["_id"]}) for key, one in old.items() if key not in documents
            ]
            if changes:
                settled(client, prefix + service)[name].bulk_write(changes)

    def all(self, service: str, collection: str) -> Iterable[Document]:
        return self.collections[service, collection].values()

    def without_views(self) -> None:
        """As if no read model had ever been projected."""
        for (_, name), documents in self.collections.items():
            if ".v1." in name:
                documents.clear()
            if name == "positions":
                for key in [key for key, one in documents.items() if ".v1." in one["consumer"]]:
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
        self.collections[service, collection][repr(document["_id"])] = document

    def run_of(self, service: str, commit: Document) -> tuple[Document, int]:
        """The run that names a commit, and its place there."""
        for run in self.all(service, "sequence"):
            for place, one in enumerate(run["commits"]):
                if one["id"] == commit["_id"]:
                    return run, place
        raise LookupError(commit["_id"])


def settled(client: MongoClient[Document], name: str) -> Database[Document]:
    return client[name]
