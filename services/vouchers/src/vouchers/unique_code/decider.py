"""Batches of generated codes of a campaign (X-5); the codes themselves are in no event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.campaign.decider import Active, Campaign, Draft, Unknown
from vouchers.campaign.terms import is_issued
from vouchers.unique_code.spelling import letters_for
from zugabe_events.contracts.vouchers import (
    CampaignTerms,
    UniqueCodesGenerated,
    UniqueCodesRequested,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.german_numbers import thousands

MAX_CODES = 1_000_000
"""Codes of one campaign."""

MAX_BATCHES = 1_000


@dataclass(frozen=True, slots=True)
class RequestCodes:
    campaign: Campaign
    batch_id: str
    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class FinishBatch:
    generated: UniqueCodesGenerated


type Command = RequestCodes | FinishBatch
type BatchEvent = UniqueCodesRequested | UniqueCodesGenerated


class CodesRefusedError(RefusedError):
    """The campaign has no codes to generate, or has enough; `code` says which."""


class BatchExistsError(RefusedError):
    """Another batch of the campaign has this id."""

    code = "batch-exists"


@dataclass(frozen=True, slots=True)
class Batches:
    """In the order in which they were requested, and the ids of those that are complete."""

    requested: tuple[UniqueCodesRequested, ...] = ()
    generated: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        return sum(batch.count for batch in self.requested)

    def of(self, batch_id: str) -> UniqueCodesRequested | None:
        return next((batch for batch in self.requested if batch.batch_id == batch_id), None)


def decide(command: Command, batches: Batches) -> Sequence[BatchEvent]:
    match command:
        case RequestCodes():
            return request(command, batches)
        case FinishBatch(generated):
            return [] if generated.batch_id in batches.generated else [generated]


def request(command: RequestCodes, batches: Batches) -> Sequence[BatchEvent]:
    dealer, campaign_id, terms = usable(command.campaign, command.at)
    if (before := batches.of(command.batch_id)) is not None:
        if before.count != command.count:
            raise BatchExistsError("Unter dieser Kennung gibt es schon andere Codes.")
        return []
    if not terms.unique_codes:
        raise CodesRefusedError("Diese Kampagne hat einen Code für alle.", code="codes-not-unique")
    if is_issued(terms):
        raise CodesRefusedError(
            "Die Codes dieser Kampagne entstehen, wenn sie an Benutzer ausgegeben werden.",
            code="codes-issued-singly",
        )
    total = batches.count + command.count
    if total > MAX_CODES or len(batches.requested) >= MAX_BATCHES:
        raise CodesRefusedError(
            f"Eine Kampagne hat höchstens {thousands(MAX_CODES)} Codes.",
            code="codes-too-many",
            most=MAX_CODES,
        )
    return [
        UniqueCodesRequested(
            dealer=dealer,
            campaign_id=campaign_id,
            batch_id=command.batch_id,
            campaign_code=terms.code,
            first=batches.count + 1,
            count=command.count,
            letters=letters_for(total),
            requested_at=command.at,
        )
    ]


def usable(campaign: Campaign, at: datetime) -> tuple[str, str, CampaignTerms]:
    """Owner, id and terms of a campaign. The code of a draft may change, so it has none yet."""
    match campaign:
        case Unknown():
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        case Draft():
            raise CodesRefusedError(
                "Codes gibt es erst für eine aktive Kampagne. Bitte aktivieren Sie sie zuerst.",
                code="campaign-not-active",
            )
        case Active(dealer, campaign_id):
            if campaign.in_force_at(at).is_ended:
                raise CodesRefusedError("Diese Kampagne ist beendet.", code="campaign-ended")
            return dealer, campaign_id, campaign.latest.terms


def evolve(batches: Batches, event: BatchEvent) -> Batches:
    match event:
        case UniqueCodesRequested():
            return Batches((*batches.requested, event), batches.generated)
        case UniqueCodesGenerated():
            return Batches(batches.requested, batches.generated | {event.batch_id})


BATCH_DECIDER: Decider[Command, Batches, BatchEvent] = Decider(
    "unique-code-batches", Batches(), decide, evolve
)


def batch_history(owner: str, campaign_id: str) -> History[Batches, BatchEvent]:
    stream = f"unique-codes/{owner}/{campaign_id}"
    return History(Stream(stream, stream), BATCH_DECIDER)
