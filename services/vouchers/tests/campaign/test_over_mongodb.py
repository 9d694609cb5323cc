"""Two processes over one real log: whoever changes a campaign at once, one change counts."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from vouchers.campaign.changes import change, draw_up
from vouchers.campaign.code import Claimed, Free, code_history
from vouchers.campaign.decider import (
    ActivateCampaign,
    Active,
    ChangeTerms,
    DeleteCampaign,
    Draft,
    DrawUpCampaign,
    EndCampaign,
    PauseCampaign,
    campaign_history,
)
from vouchers.campaign.register import register_history
from vouchers.wallet.entered_codes import campaign_of
from zugabe_events.contracts.vouchers import CampaignTerms, VouchersEvent
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Context, EventTypes
from zugabe_events.domain.event_store import state_of
from zugabe_events.eventstore.mongo_store import MongoEventStore
from zugabe_events.http.principal import Principal
from zugabe_events.http.request_context import RequestContext
from zugabe_events.mongo.client import Database, connect, database, deploy_log

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ROUNDS = 10


@pytest.fixture
async def db(mongo_url: str) -> AsyncGenerator[Database]:
    client = connect(mongo_url)
    name = f"t{uuid4().hex[:12]}"
    yield database(client, name)
    await client.drop_database(name)
    await client.close()


@pytest.fixture
async def stores(db: Database) -> Sequence[MongoEventStore]:
    """The log as two processes see it."""
    identity = await deploy_log(db, uuid4(), 4)
    types = EventTypes.of(VouchersEvent)
    return [MongoEventStore(db, identity, types) for _ in range(2)]


def request(actor: str = "staff") -> RequestContext:
    context = Context(actor, "dealer-staff", "acme", NOON, "correlation")
    return RequestContext(Principal(actor, "dealer-staff", "acme"), context, None, "", uuid4())


async def told(*steps: Any) -> list[str]:
    """The refusals of steps that are taken at once; "" for one that was not refused."""

    async def outcome(step: Any) -> str:
        try:
            await step
        except RefusedError as refusal:
            return refusal.code
        return ""

    return list(await asyncio.gather(*map(outcome, steps)))


type Terms = Callable[..., CampaignTerms]


async def test_the_same_code_goes_to_one_of_two_drafts(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """VO-6: the other is not drawn up at all."""
    for number in range(ROUNDS):
        written = terms(code=f"C{number}")
        ids = [f"one-{number}", f"two-{number}"]
        outcomes = await told(
            *(
                draw_up(store, request(), DrawUpCampaign("acme", campaign_id, written))
                for store, campaign_id in zip(stores, ids, strict=True)
            )
        )
        assert sorted(outcomes) == ["", "code-taken"]
        drafts = [await state_of(stores[0], campaign_history("acme", one)) for one in ids]
        [draft] = [draft for draft in drafts if isinstance(draft, Draft)]
        claimed = await state_of(stores[1], code_history("acme", written.code))
        assert isinstance(claimed, Claimed)
        assert claimed.campaign_id == draft.campaign_id


async def test_a_draft_is_activated_as_it_was_read_or_not_at_all(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """X-17: whether it is edited with another code, deleted or activated twice at once."""
    one, two = stores
    for number in range(ROUNDS):
        campaign_id, code = f"c{number}", f"OLD-{number}"
        before = terms(code=code, kind="second-purchase")
        after = terms(code=f"NEW-{number}", kind="second-purchase")
        await draw_up(one, request(), DrawUpCampaign("acme", campaign_id, before))
        outcomes = await told(
            change(one, request(), "acme", campaign_id, ActivateCampaign(NOON, 1)),
            change(two, request(), "acme", campaign_id, ActivateCampaign(NOON, 1)),
            change(two, request(), "acme", campaign_id, ChangeTerms(after, 1, NOON)),
            change(one, request(), "acme", campaign_id, DeleteCampaign()),
        )
        present = await state_of(one, campaign_history("acme", campaign_id))
        register = await state_of(two, register_history("acme"))
        old = await state_of(one, code_history("acme", code))
        new = await state_of(one, code_history("acme", after.code))
        match present:
            case Active():
                assert outcomes[:2] == ["", ""]
                assert (present.latest.terms, type(old), type(new)) == (before, Claimed, Free)
                assert len(register.by_campaign[campaign_id]) == 1
            case Draft():
                assert (present.terms, type(old), type(new)) == (after, Free, Claimed)
                assert outcomes[2] == ""
            case _:
                assert outcomes[3] == ""
                assert (type(old), type(new)) == (Free, Free)
        if not isinstance(present, Active):
            assert campaign_id not in register.by_campaign


async def test_a_code_that_was_freed_elsewhere_is_read_again(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """VO-6"""
    here, elsewhere = stores
    await draw_up(here, request(), DrawUpCampaign("acme", "spring", terms()))
    refused = await campaign_of(here, "acme", "A12345", NOON)
    assert isinstance(refused, RefusedError)
    await change(elsewhere, request(), "acme", "spring", DeleteCampaign())
    await draw_up(elsewhere, request(), DrawUpCampaign("acme", "autumn", terms()))
    await change(elsewhere, request(), "acme", "autumn", ActivateCampaign(NOON))
    found = await campaign_of(here, "acme", "A12345", NOON)
    assert not isinstance(found, RefusedError)
    assert found.campaign_id == "autumn"


async def test_of_changes_of_one_version_one_counts(
    stores: Sequence[MongoEventStore], terms: Terms
) -> None:
    """X-17, VO-45: with a pause and the end at the same time."""
    for number in range(ROUNDS):
        campaign_id = f"c{number}"
        first = terms(code=campaign_id)
        await draw_up(stores[0], request(), DrawUpCampaign("acme", campaign_id, first))
        await change(stores[0], request(), "acme", campaign_id, ActivateCampaign(NOON))
        wanted = [terms(code=campaign_id, value=value) for value in (1, 2)]
        outcomes = await told(
            *(
                change(store, request(), "acme", campaign_id, ChangeTerms(other, 1, NOON))
                for store, other in zip(stores, wanted, strict=True)
            ),
            change(stores[1], request(), "acme", campaign_id, PauseCampaign(NOON)),
            change(stores[0], request(), "acme", campaign_id, EndCampaign(NOON)),
        )
        present = await state_of(stores[1], campaign_history("acme", campaign_id))
        assert isinstance(present, Active)
        counted = [number for number, outcome in enumerate(outcomes[:2]) if outcome == ""]
        assert len(present.versions) == 1 + len(counted) <= 2
        assert present.latest.terms == (wanted[counted[0]] if counted else first)
        assert outcomes[3] == ""
        assert present.ended_at == NOON
