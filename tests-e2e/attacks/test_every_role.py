"""Every operation of every service, asked by each role in turn with what the document allows.

Nobody gets an internal error, and nobody reaches a tenant that is not theirs. Requests are made
from the OpenAPI documents that the services serve, always the same ones. What documents forbid is
tried by the services' own tests.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.openapi import from_dict
from stories.attacker import signed
from stories.dealer import Dealer

from zugabe.roles import Role

SERVICES = ("onboarding", "catalog-shops", "vouchers", "bonus", "checkout")
ROLES = get_args(Role)
OTHER = "d-other"
ROLES_EACH = 2
"""Of the six, for each operation; the next ones for the next operation."""

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Sent:
    method: str
    path: str
    query: Mapping[str, Any]
    body: Any
    needs_token: bool


def cases_of(document: dict[str, Any], dealer: str) -> Iterator[Sent]:
    schema = from_dict(document)
    schema.config.generation.update(with_security_parameters=False)
    found_operations: list[Any] = list(schema.get_all_operations())  # all of them are valid
    for result in found_operations:
        operation = result.ok()
        declared = document["paths"][operation.path][operation.method]
        yield from generated(
            operation, dealer, needs_token={} not in (declared.get("security") or [{}])
        )


def generated(operation: Any, dealer: str, *, needs_token: bool) -> list[Sent]:
    found: list[Sent] = []

    def keep(case: Any) -> None:
        path = case.path
        for name, value in case.path_parameters.items():
            tenant = dealer if name in ("dealer", "partner") else str(value)
            path = path.replace(f"{{{name}}}", quote(tenant, safe="") or "x")
        body = case.body if isinstance(case.body, dict | list) else None
        found.append(Sent(case.method, path, dict(case.query or {}), body, needs_token))

    bounded = settings(
        max_examples=1,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    bounded(given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))(keep))()
    return found


def token_of(dealer: Dealer, role: str) -> str:
    tenant: dict[str, Any] = {"partner": dealer.name, "dealer": None} if role == "partner" else {}
    return signed(dealer, sub=f"{role}-1", role=role, **tenant)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_role_finds_a_bug_or_another_tenant(dealer: Dealer, service: str) -> None:
    """S4, S22: schemathesis with authentication, as every role."""
    base = dealer.stack.addresses[service]
    document = (await dealer.http.get(f"{base}/openapi.json")).json()
    sent = await asyncio.to_thread(lambda: list(cases_of(document, dealer.name)))
    assert len(sent) > 10
    bearers = {role: token_of(dealer, role) for role in ROLES}
    places = asyncio.Semaphore(AT_ONCE)
    wrong: list[str] = []

    async def ask(one: Sent, role: str, path: str, *allowed: int) -> None:
        async with places:
            answer = await dealer.http.request(
                one.method,
                f"{base}{path}",
                params=one.query,
                json=one.body,
                headers={"Authorization": f"Bearer {bearers[role]}"},
            )
        status = answer.status_code
        if status >= 500 and status != 503:
            wrong.append(f"{role} {one.method} {path}: {status}")
        if status >= 400 and "problem+json" not in answer.headers.get("content-type", ""):
            wrong.append(f"{role} {one.method} {path}: no problem document")
        if allowed and status not in allowed:
            wrong.append(f"{role} {one.method} {path}: {status}, another tenant")

    async with asyncio.TaskGroup() as tasks:
        for number, one in enumerate(sent):
            for turn in range(ROLES_EACH):
                role = ROLES[(number * ROLES_EACH + turn) % len(ROLES)]
                tasks.create_task(ask(one, role, one.path))
            if one.needs_token and f"/{dealer.name}/" in one.path:
                elsewhere = one.path.replace(f"/{dealer.name}/", f"/{OTHER}/", 1)
                refused = (401, 403, 404, 413, 422)
                tasks.create_task(ask(one, "service", elsewhere, *refused))
                tasks.create_task(ask(one, "dealer-staff", elsewhere, *refused))
    assert wrong == []
