"""Requests generated from the OpenAPI document, valid and invalid, and checks of the answers."""

from typing import Any

from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_asgi
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zugabe_testing.checks import Sample
from zugabe_testing.examples import DEALER, Example

CASES = 6
"""Of valid requests, and as many of invalid ones."""

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def openapi_of(app: FastAPI) -> BaseSchema:
    schema = from_asgi("/openapi.json", app)
    schema.config.generation.update(with_security_parameters=False)
    return schema


def conforms_to_openapi(
    schema: BaseSchema, service: Sample, route: str, example: Example
) -> set[int]:
    """Return the statuses of the answers; none is a bug, and all conform to the document.

    Headers take any text: where nothing else can be sent, nothing can be sent wrong.
    """
    method, _, path = route.partition(" ")
    operation = schema[path][method]
    answered: set[int] = set()

    def send(case: Case[Any]) -> None:
        for tenant in case.path_parameters.keys() & {"dealer", "partner"}:
            case.path_parameters[tenant] = DEALER  # another is refused before anything else
        case.headers["Authorization"] = f"Bearer {example.caller}"
        case.headers.pop("Zugabe-Token", None)
        response = case.call(app=service.app)
        answered.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    wrong = any((operation.path_parameters, operation.query, operation.body))
    for mode in (GenerationMode.POSITIVE, *([GenerationMode.NEGATIVE] if wrong else [])):
        bounded = settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        bounded(given(case=operation.as_strategy(generation_mode=mode))(send))()
    return answered
