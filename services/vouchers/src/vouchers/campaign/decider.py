"""Campaigns: each is drawn up once and then activated; its terms never change."""

from collections.abc import Sequence
from dataclasses import dataclass

from zugabe_events.contracts.vouchers import CampaignActivated, CampaignCreated, CampaignTerms
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.money import FULL

MIN_UNLIMITED = 1_000
"""A limit of this many uses per user, or more, means unlimited (VO-14, Q27)."""


@dataclass(frozen=True, slots=True)
class DrawUpCampaign:
    dealer: str
    campaign_id: str
    terms: CampaignTerms


@dataclass(frozen=True, slots=True)
class ActivateCampaign:
    """An expired campaign may be activated: imported orders are judged by their own time."""


type Command = DrawUpCampaign | ActivateCampaign
type CampaignEvent = CampaignCreated | CampaignActivated


class CampaignExistsError(RefusedError):
    """Another campaign has this id."""

    code = "campaign-exists"


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Draft:
    created: CampaignCreated


@dataclass(frozen=True, slots=True)
class Active:
    activated: CampaignActivated


type Campaign = Unknown | Draft | Active


def decide(command: Command, campaign: Campaign) -> Sequence[CampaignEvent]:
    match command:
        case DrawUpCampaign():
            return draw_up(command, campaign)
        case ActivateCampaign():
            return activate(command, campaign)


def draw_up(command: DrawUpCampaign, campaign: Campaign) -> Sequence[CampaignEvent]:
    match campaign:
        case Unknown():
            check(command.terms)
            return [CampaignCreated(command.campaign_id, command.dealer, 1, command.terms)]
        case Draft(event) | Active(event) if event.terms == command.terms:
            return []  # a repeated request
        case Draft() | Active():
            raise CampaignExistsError("Unter dieser Kennung gibt es bereits eine andere Kampagne.")


def activate(command: ActivateCampaign, campaign: Campaign) -> Sequence[CampaignEvent]:
    match campaign:
        case Unknown():
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        case Draft(created):
            return [
                CampaignActivated(
                    created.campaign_id, created.dealer, created.version, created.terms
                )
            ]
        case Active():
            return []


def check(terms: CampaignTerms) -> None:
    """Raise InvalidError when fields contradict each other (VO-8 to VO-10)."""
    if terms.valid_until < terms.valid_from:
        raise InvalidError("Die Gültigkeit endet, bevor sie beginnt.", code="validity-reversed")
    if terms.earning_minimum_cents and terms.kind != "second-purchase":
        raise InvalidError(
            "Nur ein Gutschein für den zweiten Kauf wird durch einen Einkauf verdient.",
            code="earning-minimum-not-wanted",
        )
    match terms.discount_type:
        case "fixed" if terms.value < 1:
            raise InvalidError("Der Festwert fehlt.", code="value-missing")
        case "percent" if not 1 <= terms.value <= FULL:
            raise InvalidError(
                "Der Prozentwert liegt nicht zwischen 0,01 % und 100 %.", code="value-out-of-range"
            )
        case "free-shipping" if terms.value:
            raise InvalidError(
                "Kostenloser Versand hat keinen Rabattwert.", code="value-not-wanted"
            )
        case "fixed" | "percent" | "free-shipping":
            return


def evolve(_: Campaign, event: CampaignEvent) -> Campaign:
    match event:
        case CampaignCreated():
            return Draft(event)
        case CampaignActivated():
            return Active(event)


def uses_per_user(terms: CampaignTerms) -> int | None:
    """The limit per user; None is unlimited."""
    limit = terms.max_per_user
    return None if limit is None or limit >= MIN_UNLIMITED else limit


CAMPAIGN_DECIDER: Decider[Command, Campaign, CampaignEvent] = Decider(
    "campaign", Unknown(), decide, evolve
)


def campaign_history(dealer: str, campaign_id: str) -> History[Campaign, CampaignEvent]:
    stream = f"campaign/{dealer}/{campaign_id}"
    return History(Stream(stream, stream), CAMPAIGN_DECIDER)
