"""For tests: whatever the OpenAPI document allows or forbids is sent, and the answers obey it."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zugabe_testing.checks import Sample
from zugabe_testing.examples import DEALER, Example

CASES = 6
"""Of requests as they should be, and as many of others; bounded, since CI waits."""

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]


def obeys_its_document(service: Sample, route: str, example: Example) -> set[int]:
    """The statuses that were answered; none of them a bug, and all as the document says.

    Any text will do in headers: where nothing else can be sent, nothing can be sent wrong."""
    method, _, path = route.partition(" ")
    schema = schemathesis.openapi.from_asgi("/openapi.json", service.app)
    schema.config.generation.update(with_security_parameters=False)
    operation = schema[path][method]
    answered: set[int] = set()

    def send(case: Case[Any]) -> None:
        for tenant in case.path_parameters.keys() & {"dealer", "partner"}:
            case.path_parameters[tenant] = DEALER  # another is refused before anything else
        case.headers["Authorization"] = f"Bearer {example.caller}"
        case.headers.pop("Zugabe-Token", None)
        response = case.call()
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
