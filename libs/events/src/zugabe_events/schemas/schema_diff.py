"""Differences between two JSON Schemas of contracts in the values they accept."""

from collections.abc import Iterator, Mapping
from typing import Any

from zugabe_events.schemas.json_schema import Schema

type Change = tuple[str, str, str]
"""Location, change, and what to do instead."""

ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description", "examples"})
"""Keywords without effect on validation, as are those that begin with `x-`."""

PARTS = frozenset({"enum", "properties", "required", "items", "additionalProperties", "default"})
"""Keywords that are compared in their own way."""

NULL: Schema = {"type": "null"}

REMOVED = "Keep the field, even if it is no longer read."
RENAMED = "Keep its name: what is stored has it."
REQUIRED = "Give it a default: what is stored does not have it."
NOT_ALWAYS = "Keep it required: readers count on it."
DEFAULT = "Keep the default: events from before the field was there mean it."
RETYPED = "Keep its type; add another field, with a default."
NARROWED = "Keep the values that are stored; let the decider refuse them from now on."
WIDENED = "Readers of today would not know it: say it with a new event."


def changes(old: Schema, new: Schema) -> Iterator[Change]:
    """Changes that break some reader of stored or future events."""
    yield from Comparison(old, new).fields("", old, new)


class Comparison:
    """Comparison of two self-contained schemas."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._open: list[tuple[int, int]] = []

    def values(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = alternatives(old, self._old), alternatives(new, self._new)
        gone, come = before.keys() - after.keys(), after.keys() - before.keys()
        if gone == {"null"} and not come:
            yield path, "can no longer be null", NARROWED
        elif come == {"null"} and not gone:
            yield path, "can now be null", RETYPED
        elif gone or come:
            yield path, f"was {' or '.join(before)} and is now {' or '.join(after)}", RETYPED
        for kind in [kind for kind in before if kind in after]:
            yield from self.alike(path, before[kind], after[kind])

    def alike(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        """Compare two schemas of one kind."""
        if "enum" in old:
            yield from choices(path, old["enum"], new["enum"])
        for keyword in sorted((plain(old).keys() | plain(new).keys()) - PARTS):
            was, now = old.get(keyword), new.get(keyword)
            if was != now:
                yield path, f"has another {keyword}: {was}, now {now}", RETYPED
        if "items" in old and "items" in new:
            yield from self.values(f"{path}[]", old["items"], new["items"])
        here = (id(old), id(new))
        if here not in self._open:
            self._open.append(here)
            yield from self.fields(path, old, new)
            self._open.pop()
        before, after = old.get("additionalProperties"), new.get("additionalProperties")
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self.values(f"{path}{{}}", before, after)
        elif before != after:
            yield path, "takes other additional fields than before", RETYPED

    def fields(self, path: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        added = {name: after[name] for name in after if name not in before}
        start = f"{path}." if path else ""
        for name, was in before.items():
            field = f"{start}{name}"
            if name in after:
                yield from presence(field, name, old, new)
                yield from self.values(field, was, after[name])
            elif same := [other for other, shape in added.items() if plain(shape) == plain(was)]:
                del added[same[0]]
                yield field, f"was renamed to `{same[0]}`", RENAMED
            else:
                yield field, "was removed", REMOVED
        for name in added:
            if name in new.get("required", ()):
                yield f"{start}{name}", "is new and required", REQUIRED


def presence(field: str, name: str, old: Schema, new: Schema) -> Iterator[Change]:
    before, after = name in old.get("required", ()), name in new.get("required", ())
    if after and not before:
        yield field, "is now required", REQUIRED
    elif before and not after:
        yield field, "is no longer required", NOT_ALWAYS
    elif not before:
        was, now = old["properties"][name].get("default"), new["properties"][name].get("default")
        if was != now:
            yield field, f"has another default: {was!r}, now {now!r}", DEFAULT


def choices(field: str, old: list[Any], new: list[Any]) -> Iterator[Change]:
    if gone := [value for value in old if value not in new]:
        yield field, f"can no longer be {' or '.join(map(repr, gone))}", NARROWED
    if come := [value for value in new if value not in old]:
        yield field, f"can now be {' or '.join(map(repr, come))}", WIDENED


def plain(schema: Schema) -> Schema:
    return {
        word: value
        for word, value in schema.items()
        if word not in ANNOTATIONS and not word.startswith("x-")
    }


def alternatives(schema: Schema, root: Schema) -> Mapping[str, Schema]:
    """Alternatives of a schema by kind, with references resolved."""
    if "$ref" in schema:
        return alternatives(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        found: dict[str, Schema] = {}
        for one in schema["anyOf"]:
            for kind, shape in alternatives(one, root).items():
                found[f"another {kind}" if kind in found else kind] = shape
        return found
    if "enum" in schema:
        told = [value for value in schema["enum"] if value is not None]
        null = {"null": NULL} if None in schema["enum"] else {}
        return {"one of several": {**schema, "enum": told}} | null
    kind = schema.get("type", "anything")
    return {f"{kind} ({schema['format']})" if "format" in schema else kind: schema}
