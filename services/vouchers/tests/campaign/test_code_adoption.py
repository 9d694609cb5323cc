"""Codes from before their one form was what it is now, over a real log."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from vouchers.campaign.code import ClaimCode, Claimed, Free, ReleaseCode, code_history
from vouchers.campaign.code_adoption import adopt_codes
from vouchers.campaign.decider import ActivateCampaign, DrawUpCampaign, campaign_history
from vouchers.wallet.entered_codes import campaign_of
from zugabe_events.contracts.vouchers import CampaignTerms, CodeClaimed, VouchersEvent
from zugabe_events.domain.event import Context, EventTypes, Stream
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.command_handler import handle
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.mongo.client import Database, connect, database, deploy_log, identity

pytestmark = pytest.mark.integration

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTEXT = Context("staff", "dealer-staff", "acme", NOON, "correlation")


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    db = database(client, name)
    await deploy_log(db, uuid4(), 4)
    yield db
    await client.drop_database(name)
    await client.close()


async def claim(store: MongoEventStore, form: str, campaign_id: str, *, free: bool = False) -> None:
    """As an earlier release did: under the code as it was compared then."""
    stream = f"code/acme/{form}"
    history = replace(code_history("acme", form), stream=Stream(stream, stream))
    claimed = ClaimCode(CodeClaimed("acme", form, campaign_id))
    await handle(store, history, claimed, CONTEXT, attempt=uuid4())
    if free:
        await handle(store, history, ReleaseCode(campaign_id), CONTEXT, attempt=uuid4())


async def test_old_codes_are_found_however_they_are_typed(
    db: Database, terms: Callable[..., CampaignTerms]
) -> None:
    """X-9, VO-6: each belongs to its campaign, and a code that was given up to none."""
    store = MongoEventStore(db, await identity(db), EventTypes.of(VouchersEvent))
    await claim(store, "mai\u2013aktion", "spring")
    await claim(store, "\uff21\uff22", "other")
    await claim(store, "plain", "plain")
    await claim(store, "frei\u2014x", "given-up", free=True)
    await claim(store, "zwei\u2013mal", "first")
    await claim(store, "zwei-mal", "second")
    history = campaign_history("acme", "spring")
    written = terms(code="MAI\u2013AKTION")
    for command in (DrawUpCampaign("acme", "spring", written), ActivateCampaign(NOON)):
        await handle(store, history, command, CONTEXT, attempt=uuid4())
    before = await db.commits.count_documents({})
    for _ in range(2):
        await adopt_codes(db)
    assert await db.commits.count_documents({}) == before + 2
    for typed, campaign_id in (("Mai-Aktion", "spring"), ("ab", "other"), ("plain", "plain")):
        found = await state_of(store, code_history("acme", typed))
        assert isinstance(found, Claimed)
        assert found.campaign_id == campaign_id
    assert await state_of(store, code_history("acme", "frei-x")) == Free()
    kept = await state_of(store, code_history("acme", "zwei-mal"))
    assert isinstance(kept, Claimed)
    assert kept.campaign_id == "second", "whoever has the form keeps it"
    used = await campaign_of(store, "acme", "mai-aktion", NOON)
    assert not isinstance(used, Exception)
    assert used.campaign_id == "spring"
