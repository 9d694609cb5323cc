"""Exports of a person, asked for over HTTP, of real databases."""

import httpx
from kernel_tests.houses import House

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.app import http_app
from zugabe_events.http.authorization import Access
from zugabe_events.http.principal import Principal
from zugabe_events.privacy.people_api import RIGHTS, export_api
from zugabe_events.privacy.subject_export import MAX_OWN_A_DAY, Export

CALLERS = {
    "anna": Principal("anna", "user", "acme", "c1"),
    "officer": Principal("officer", "dealer-staff", "acme", rights=frozenset({"export-people"})),
}
WHY = {"reason": "Anfrage"}


async def verify(token: str) -> Principal:
    if token not in CALLERS:
        raise UnauthenticatedError("Unbekannt.")
    return CALLERS[token]


async def test_a_person_has_their_own_export_a_few_times_a_day(house: House) -> None:
    """S9: and others' requests for it are not counted"""

    async def export() -> Export:
        return house.export

    app = http_app("guests", [export_api(export, Access(verify, RIGHTS))])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://guests") as http:

        async def ask(caller: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {caller}"}
            path = "/dealers/acme/people/anna/export"
            return await http.post(path, json=WHY, headers=headers)

        for _ in range(MAX_OWN_A_DAY):
            assert (await ask("anna")).status_code == 200
        refused = await ask("anna")
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-attempts")
        assert 0 < int(refused.headers["retry-after"]) <= 24 * 3_600
        assert (await ask("officer")).status_code == 200
