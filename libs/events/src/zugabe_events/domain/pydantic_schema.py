"""Msgspec structs as pydantic types: routes answer with contracts, and OpenAPI describes them.

Pydantic is imported when the first such route is built; deciders and policies never load it.
"""

from collections.abc import Callable
from typing import Any

import msgspec

ALWAYS_SENT = {"json_schema_serialization_defaults_required": True}
"""Pydantic's configuration of contracts: OpenAPI lists all fields of an answer as required, since
fields with a default are sent as well. As input they may be missing."""


def struct_schema(cls: type[msgspec.Struct], schema_of: Callable[[Any], Any]) -> Any:
    """Core schema of a struct, which msgspec converts and serialises; `schema_of` is a field's."""
    from pydantic_core import core_schema

    def convert(value: Any) -> msgspec.Struct:
        try:
            return value if isinstance(value, cls) else msgspec.convert(value, cls)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error

    def field_schema(field: msgspec.structs.FieldInfo) -> Any:
        schema = schema_of(field.type)
        if not field.required:
            made = field.default is msgspec.NODEFAULT
            default = (
                {"default_factory": field.default_factory} if made else {"default": field.default}
            )
            schema = core_schema.with_default_schema(schema, **default)
        return core_schema.dataclass_field(field.name, schema)

    fields = msgspec.structs.fields(cls)
    arguments = core_schema.dataclass_args_schema(cls.__name__, [*map(field_schema, fields)])
    return core_schema.no_info_before_validator_function(
        convert,
        core_schema.dataclass_schema(cls, arguments, [field.name for field in fields]),
        ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
        serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
    )
