"""The data of a partner: files whose bytes come back or go, and people who may be forgotten."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from stories.onboarder import Onboarder

from zugabe.demo.nordwind import OF_PARTNER
from zugabe.supervisor import Stack
from zugabe_events.mongo.client import connect
from zugabe_testing.eventually import eventually

MOST = 10 * 1024 * 1024
LARGE = b"x" * (MOST - 1) + b"\n"
WHY = ("--reason", "Anfrage", "--contact")


@pytest.fixture
async def partner(zugabe: Stack) -> AsyncGenerator[Onboarder]:
    async with httpx.AsyncClient(timeout=60) as http:
        partner = Onboarder(zugabe, http)
        await partner.open()
        await partner.welcome()
        yield partner
    assert zugabe.failure is None


async def person(zugabe: Stack, *words: str) -> tuple[int, str]:
    """`zugabe person …` as an operator types it: its exit code, and what it prints."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "zugabe", "person", *words),
        env={**os.environ, "ZUGABE_HOME": str(zugabe.home.path)},
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await asyncio.wait_for(running.communicate(), 120)
    return running.returncode or 0, output.decode()


async def bytes_of(zugabe: Stack, partner: str) -> int:
    """As many files as the database still has of a partner, complete or in pieces."""
    client = connect(zugabe.addresses["mongod"])
    try:
        db = client.get_database("onboarding")
        named = {"filename": {"$regex": f"^{partner}/"}}
        return await db["documents.files"].count_documents(named)
    finally:
        await client.close()


async def test_a_file_of_ten_megabytes_comes_back_and_goes(
    zugabe: Stack, partner: Onboarder
) -> None:
    """ON-13"""
    url = f"{zugabe.addresses['onboarding']}/partners/{partner.id}/documents/d1"
    kim = {"Authorization": f"Bearer {partner.kim.bearer}"}
    raw = {**kim, "Content-Type": "application/octet-stream"}
    about = {"title": "Zahlen", "file_name": "zahlen.txt"}
    for _ in range(2):
        kept = await partner.http.put(url, content=LARGE, params=about, headers=raw)
        assert kept.status_code == 200, kept.text
    assert await bytes_of(zugabe, partner.id) == 1
    refused = await partner.http.put(f"{url}2", content=LARGE + b"x", params=about, headers=raw)
    assert refused.status_code == 413
    file = await partner.http.get(url, headers=kim)
    assert file.content == LARGE
    assert file.headers["content-disposition"].startswith("attachment;")
    other = {"Authorization": f"Bearer {partner.other.bearer}"}
    assert (await partner.http.get(url, headers=other)).status_code == 403

    async def listed() -> None:
        [one] = (await partner.see(partner.kim, "/documents"))["items"]
        assert (one["document"], one["size_bytes"]) == ("d1", MOST)

    await eventually(listed)
    assert (await partner.http.delete(url, headers=kim)).status_code == 204
    assert (await partner.http.get(url, headers=kim)).status_code == 404
    assert await bytes_of(zugabe, partner.id) == 0


async def test_a_contact_is_told_all_and_then_restricted_everywhere(
    zugabe: Stack, partner: Onboarder
) -> None:
    """X-15, X-19, ON-23: by the link that let them in, and by an operator."""
    await partner.fill("ansprechpartner", OF_PARTNER["ansprechpartner"])
    form = await partner.see(partner.kim, "/forms/ansprechpartner")
    [row, *_] = form["tables"]["ansprechpartner"]
    name = row["answers"]["name"]
    url = f"{zugabe.addresses['onboarding']}/partners/{partner.id}/people/kim/export"
    headers = {"Authorization": f"Bearer {partner.kim.bearer}"}

    async def told() -> Any:
        answer = await partner.http.post(url, json={"reason": "Auskunft"}, headers=headers)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert found["mails"]
        assert found["read_models"]["onboarding.overview"]
        return found

    found = await eventually(told)
    [opened] = [one for one in found["events"] if one["event"] == "onboarding-opened"]
    assert opened["data"]["contact"]["email"] == partner.mail_of("kim")
    assert found["complete"] is True
    assert name not in json.dumps(found, ensure_ascii=False), "that is about somebody else"

    done, output = await person(zugabe, "export", partner.id, "kim", *WHY)
    [one] = [json.loads(line) for line in output.replace(",\n", ",").splitlines()]
    assert (done, one["service"], one["complete"]) == (0, "onboarding", True)
    assert partner.mail_of("kim") in output
    done, output = await person(zugabe, "erase", partner.id, "kim", "--yes", *WHY)
    assert (done, output) == (0, f"{partner.id}/kim: contact-restricted\n")

    async def restricted() -> None:
        _, output = await person(zugabe, "export", partner.id, "kim", *WHY)
        assert partner.mail_of("kim") not in output

    await eventually(restricted)
    shown = await partner.see(partner.central, "/forms/ansprechpartner")
    assert shown["tables"]["ansprechpartner"][0]["answers"]["name"] == name
