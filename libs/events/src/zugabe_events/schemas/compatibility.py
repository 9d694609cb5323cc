"""Breaking changes of contracts: the present schemas compared with the released ones.

Within one schema version both directions must hold. What is stored is read by new code; what is
sent is read by code of yesterday, here and elsewhere. So the only free change is a new field with a
default, and words. With a new version, upcasts read what is stored, and readers must come first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zugabe_events.schemas.json_schema import Schema
from zugabe_events.schemas.schema_diff import changes

type Schemas = Mapping[str, Mapping[str, Schema]]
"""By service and stored name."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A breaking change and what to do instead; `field` may be empty."""

    service: str
    event: str
    field: str
    what: str
    instead: str

    def __str__(self) -> str:
        place = f" `{self.field}`" if self.field else ""
        return f"{self.service} {self.event}{place} {self.what}.\n    {self.instead}"


def breaches(released: Schemas, present: Schemas) -> Iterator[Breach]:
    for service, events in released.items():
        for name, old in events.items():
            new = present.get(service, {}).get(name)
            if new is None:
                yield missing(service, name, old, present)
            else:
                yield from between(service, name, old, new)


def missing(service: str, name: str, old: Schema, present: Schemas) -> Breach:
    for other, events in present.items():
        if other != service and name in events:
            what = f"is now published by {other}"
            return Breach(service, name, "", what, "An event stays with its log; add a new one.")
    for new in present.get(service, {}).values():
        if new["title"] == old["title"]:
            what = f"is now stored as {new['x-stored-as']}"
            return Breach(
                service, name, "", what, "stored_as never changes; the class may have another name."
            )
    return Breach(
        service,
        name,
        "",
        "was removed",
        "The log holds such events permanently: keep the class and its place in the union.",
    )


def between(service: str, name: str, old: Schema, new: Schema) -> Iterator[Breach]:
    was, now = old["x-schema-version"], new["x-schema-version"]
    if now < was:
        what = f"went back from schema_version {was} to {now}"
        yield Breach(service, name, "", what, "Keep it, and its upcasts.")
    elif now == was:
        version = (
            f"Or: schema_version {now + 1} with upcasts[{now}], deployed to all readers first."
        )
        for field, what, instead in changes(old, new):
            yield Breach(service, name, field, what, f"{instead} {version}")
