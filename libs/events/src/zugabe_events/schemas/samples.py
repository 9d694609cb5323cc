"""Sample bodies of schemas: with all fields, and with the required ones only.

They are released with the schema, to test later code with what earlier code wrote.
"""

from typing import Any

DAY, INSTANT, DECIMAL = "2026-05-04", "2026-05-04T12:00:00Z", "3.49"


def sample(schema: dict[str, Any], root: dict[str, Any], name: str, *, full: bool) -> Any:
    """A value that is valid for a schema. Strings are the words of their field's name."""
    match schema:
        case {"$ref": str(reference)}:
            return sample(root["$defs"][reference.rpartition("/")[2]], root, name, full=full)
        case {"anyOf": [*others]}:
            null = {"type": "null"}
            first = next(other for other in others if other != null)
            return None if null in others and not full else sample(first, root, name, full=full)
        case {"type": "array"}:
            return [sample(schema["items"], root, name, full=full)] if full else []
        case {"type": "object"}:
            return {
                field: sample(kind, root, field, full=full)
                for field, kind in schema.get("properties", {}).items()
                if full or field in schema.get("required", ())
            }
        case {"type": "boolean"}:
            return full
        case _:
            return single(schema, name)


def single(schema: dict[str, Any], name: str) -> Any:
    match schema:
        case {"enum": [first, *_]}:
            return first
        case {"format": "date"}:
            return DAY
        case {"format": "date-time"}:
            return INSTANT
        case {"format": "decimal"}:
            return DECIMAL
        case {"type": "string"}:
            return name.replace("_", "-")
        case {"type": "integer" | "number"}:
            return 100 if "x-unit" in schema else 1
        case _:
            return None
