"""Participations of a dealer in central campaigns (VO-27 to VO-29, Q21, Q29)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vouchers.campaign.decider import Active, Campaign, Draft, Unknown
from zugabe_events.contracts.vouchers import (
    CampaignJoined,
    CampaignLeft,
    CampaignMinimumChanged,
    ParticipationEvent,
)
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Fact, Instant, Stream
from zugabe_events.domain.versions import last_begun

MAX_VERSIONS = 1_000
"""Versions of one participation. Leaving is always possible."""


@dataclass(frozen=True, slots=True)
class JoinCampaign:
    """`campaign` is the central campaign as it is; `minimum_cents` of None keeps its minimum."""

    dealer: str
    campaign_id: str
    minimum_cents: int | None
    campaign: Campaign
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeMinimum:
    """`version` is the one that was edited; a change of a later one is refused."""

    dealer: str
    campaign_id: str
    minimum_cents: int | None
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LeaveCampaign:
    dealer: str
    campaign_id: str
    at: datetime


type Command = JoinCampaign | ChangeMinimum | LeaveCampaign


class ParticipationError(RefusedError):
    """A rule forbids the change of a participation; `code` says which."""


class Participation(Fact, frozen=True):
    """A version of a participation, in force from `effective_at` to the next one.

    Without `takes_part` the dealer has left the campaign.
    """

    version: int
    effective_at: Instant
    takes_part: bool
    minimum_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Participations:
    """The versions by campaign, in their order, which is also that of their times."""

    by_campaign: Mapping[str, tuple[Participation, ...]] = field(default_factory=dict)

    def latest(self, campaign_id: str) -> Participation | None:
        versions = self.by_campaign.get(campaign_id)
        return versions[-1] if versions else None

    def at(self, campaign_id: str, instant: datetime) -> Participation | None:
        """The version in force at an instant; None before the dealer first joined (X-17, X-40)."""
        return last_begun(self.by_campaign.get(campaign_id, ()), instant)

    def takes_part(self, campaign_id: str, instant: datetime) -> bool:
        version = self.at(campaign_id, instant)
        return version is not None and version.takes_part

    def recent(self, campaign_id: str, since: datetime, until: datetime) -> list[Participation]:
        """The versions with which the dealer took part at some instant after `since`."""
        return [
            version
            for version, ended_at in self._with_ends(campaign_id)
            if version.takes_part
            and version.effective_at <= until
            and (ended_at is None or since < ended_at)
        ]

    def _with_ends(self, campaign_id: str) -> Iterator[tuple[Participation, datetime | None]]:
        versions = self.by_campaign.get(campaign_id, ())
        ends = [later.effective_at for later in versions[1:]]
        return zip(versions, [*ends, None], strict=False)

    def last_joined(self, campaign_id: str) -> Participation | None:
        """The latest version with which the dealer took part, even if they have left since."""
        versions = self.by_campaign.get(campaign_id, ())
        return next((each for each in reversed(versions) if each.takes_part), None)


def decide(command: Command, known: Participations) -> Sequence[ParticipationEvent]:
    latest = known.latest(command.campaign_id)
    match command:
        case JoinCampaign():
            return join(command, latest)
        case ChangeMinimum():
            return change(command, latest)
        case LeaveCampaign(dealer, campaign_id, at):
            if latest is None:
                raise NotFoundError("An dieser Kampagne haben Sie nicht teilgenommen.")
            if not latest.takes_part:
                return []
            left_at = max(at, latest.effective_at)
            return [CampaignLeft(campaign_id, dealer, latest.version + 1, left_at)]


def join(command: JoinCampaign, latest: Participation | None) -> Sequence[ParticipationEvent]:
    if latest is not None and latest.takes_part:
        if latest.minimum_cents == command.minimum_cents:
            return []  # a repeated request
        raise ParticipationError(
            "Sie nehmen an dieser Kampagne bereits teil.", code="participation-exists"
        )
    check_open(command.campaign, command.at)
    check_versions(latest)
    version, joined_at = following(latest, command.at)
    return [
        CampaignJoined(
            command.campaign_id, command.dealer, version, command.minimum_cents, joined_at
        )
    ]


def change(command: ChangeMinimum, latest: Participation | None) -> Sequence[ParticipationEvent]:
    if latest is None or not latest.takes_part:
        raise NotFoundError("An dieser Kampagne nehmen Sie nicht teil.")
    if latest.minimum_cents == command.minimum_cents:
        return []
    if command.version != latest.version:
        raise ParticipationError(
            "Ihre Teilnahme wurde inzwischen geändert. Bitte laden Sie sie neu.",
            code="version-stale",
            version=latest.version,
        )
    check_versions(latest)
    version, effective_at = following(latest, command.at)
    return [
        CampaignMinimumChanged(
            command.campaign_id, command.dealer, version, command.minimum_cents, effective_at
        )
    ]


def following(latest: Participation | None, at: datetime) -> tuple[int, datetime]:
    """The number of the next version, and when it begins: never before the one it follows."""
    if latest is None:
        return 1, at
    return latest.version + 1, max(at, latest.effective_at)


def check_open(campaign: Campaign, at: datetime) -> None:
    """A paused campaign can be joined. Raises NotFoundError and ParticipationError."""
    match campaign:
        case Unknown() | Draft():
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        case Active(ended_at=ended_at) if ended_at is not None:
            raise ParticipationError("Diese Kampagne ist beendet.", code="campaign-ended")
        case Active() as active:
            valid_until = active.in_force_at(at).terms.valid_until
            if valid_until < day_of(at):
                raise ParticipationError(
                    f"Diese Kampagne lief bis zum {german_date(valid_until)}.",
                    code="campaign-expired",
                    valid_until=valid_until.isoformat(),
                )


def check_versions(latest: Participation | None) -> None:
    if latest is not None and latest.version >= MAX_VERSIONS:
        raise ParticipationError(
            "Ihre Teilnahme an dieser Kampagne wurde zu oft geändert.", code="too-many-versions"
        )


def evolve(known: Participations, event: ParticipationEvent) -> Participations:
    match event:
        case CampaignJoined(joined_at=at):
            added = Participation(event.version, at, True, event.minimum_cents)
        case CampaignMinimumChanged(effective_at=at):
            added = Participation(event.version, at, True, event.minimum_cents)
        case CampaignLeft(left_at=at):
            added = Participation(event.version, at, False)
    versions = (*known.by_campaign.get(event.campaign_id, ()), added)
    return Participations({**known.by_campaign, event.campaign_id: versions})


PARTICIPATION_DECIDER: Decider[Command, Participations, ParticipationEvent] = Decider(
    "participation", Participations(), decide, evolve
)


def participations_history(dealer: str) -> History[Participations, ParticipationEvent]:
    """One history for all campaigns, so that one read tells what the dealer takes part in."""
    stream = f"participations/{dealer}"
    return History(Stream(stream, stream), PARTICIPATION_DECIDER)
