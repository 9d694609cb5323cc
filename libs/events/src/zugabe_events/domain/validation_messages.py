"""Validation errors in German; they never quote the request."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic_core.core_schema import ErrorType

from zugabe_events.domain.german_numbers import thousands

MAX_ERRORS = 20
MAX_LENGTH = 200

SENTENCES: Mapping[str, str] = {
    "missing": "Diese Angabe fehlt.",
    "extra_forbidden": "Diese Angabe ist unbekannt.",
    "json_invalid": "Das ist kein lesbares JSON.",
    "model_type": "Erwartet wird ein Objekt.",
    "model_attributes_type": "Erwartet wird ein Objekt.",
    "dataclass_type": "Erwartet wird ein Objekt.",
    "dict_type": "Erwartet wird ein Objekt.",
    "list_type": "Erwartet wird eine Liste.",
    "tuple_type": "Erwartet wird eine Liste.",
    "set_type": "Erwartet wird eine Liste.",
    "frozen_set_type": "Erwartet wird eine Liste.",
    "too_short": "Zu wenige Einträge, mindestens {min_length}.",
    "too_long": "Zu viele Einträge, höchstens {max_length}.",
    "string_type": "Erwartet wird ein Text.",
    "string_unicode": "Der Text enthält ungültige Zeichen.",
    "string_too_short": "Der Text ist zu kurz, mindestens {min_length} Zeichen.",
    "string_too_long": "Der Text ist zu lang, höchstens {max_length} Zeichen.",
    "string_pattern_mismatch": "Der Text enthält Zeichen, die hier nicht erlaubt sind.",
    "int_type": "Erwartet wird eine ganze Zahl.",
    "int_parsing": "Erwartet wird eine ganze Zahl.",
    "int_parsing_size": "Die Zahl ist zu groß.",
    "int_from_float": "Erwartet wird eine ganze Zahl.",
    "float_type": "Erwartet wird eine Zahl.",
    "float_parsing": "Erwartet wird eine Zahl.",
    "finite_number": "Erwartet wird eine endliche Zahl.",
    "bool_type": "Erwartet wird true oder false.",
    "bool_parsing": "Erwartet wird true oder false.",
    "greater_than": "Die Zahl muss größer als {gt} sein.",
    "greater_than_equal": "Die Zahl muss mindestens {ge} sein.",
    "less_than": "Die Zahl muss kleiner als {lt} sein.",
    "less_than_equal": "Die Zahl darf höchstens {le} sein.",
    "literal_error": "Erlaubt ist: {expected}.",
    "enum": "Erlaubt ist: {expected}.",
    "union_tag_invalid": "Diese Art ist unbekannt.",
    "union_tag_not_found": "Die Angabe der Art fehlt.",
    "timezone_aware": "Der Zeitpunkt braucht eine Zeitzone.",
}

PYDANTIC_ERRORS = frozenset(get_args(ErrorType))


def validation_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The first errors that pydantic found; `where` is a path such as `body.lines.0.quantity`."""
    return [
        {"where": bounded(".".join(map(_step, error["loc"]))), "detail": bounded(_detail(error))}
        for error in _without_consequences(errors)[:MAX_ERRORS]
    ]


def _without_consequences(errors: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """A list whose items are wrong is not too short as well: pydantic counts only valid items."""
    short = {error["loc"] for error in errors if error["type"] == "too_short"}
    within = {
        loc for error in errors for loc in short if error["loc"][: len(loc)] == loc != error["loc"]
    }
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in within]


def _detail(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in SENTENCES:
        return SENTENCES[kind].format(**{name: _german(value) for name, value in context.items()})
    if kind == "value_error":  # raised by a validator of ours
        return str(context.get("error", "Der Wert ist ungültig."))
    return "Der Wert ist ungültig." if kind in PYDANTIC_ERRORS else str(error["msg"])


def _german(value: object) -> object:
    match value:
        case int() if not isinstance(value, bool):
            return thousands(value)
        case float():
            whole, _, rest = f"{value:g}".partition(".")
            return f"{whole},{rest}" if rest else whole
        case str():  # the values of a Literal
            return value.replace("' or '", "' oder '")
        case _:
            return value


def _step(step: object) -> str:
    """A step of a path; possibly a field name chosen by the client."""
    return str(step)[:64]


def bounded(text: str) -> str:
    bounded = text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1] + "…"
    return bounded.encode("utf-8", "replace").decode()
