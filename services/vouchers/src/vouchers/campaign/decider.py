"""Campaigns: drafted, activated, paused, changed by versions of their terms, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec.structs import replace as with_fields

from vouchers.campaign.owner import check_id
from vouchers.campaign.terms import check, limits_in
from zugabe_events.contracts.vouchers import (
    CampaignActivated,
    CampaignCreated,
    CampaignDeleted,
    CampaignDraftEdited,
    CampaignEnded,
    CampaignEvent,
    CampaignPaused,
    CampaignResumed,
    CampaignTerms,
    CampaignTermsChanged,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.event import Fact, Stream
from zugabe_events.domain.versions import version_at

MAX_VERSIONS = 1_000
"""Versions of one campaign's terms."""

QUOTE_TTL = timedelta(minutes=30)
"""The time for which a quote's voucher keeps the version of its terms (X-17)."""


@dataclass(frozen=True, slots=True)
class DrawUpCampaign:
    dealer: str
    campaign_id: str
    terms: CampaignTerms


@dataclass(frozen=True, slots=True)
class ActivateCampaign:
    """An expired campaign may be activated: imported orders are judged by their own time.

    With the `version` of the draft that was read, a later one is refused.
    """

    at: datetime
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeTerms:
    """New terms of a draft, or of an active campaign from `at` on (VO-45).

    `version` is the one that was edited; a change of a later one is refused.
    """

    terms: CampaignTerms
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PauseCampaign:
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResumeCampaign:
    at: datetime


@dataclass(frozen=True, slots=True)
class EndCampaign:
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeleteCampaign:
    """Only drafts are deleted: what was active is ended, and stays readable."""


type OfExisting = (
    ActivateCampaign | ChangeTerms | PauseCampaign | ResumeCampaign | EndCampaign | DeleteCampaign
)
type Command = DrawUpCampaign | OfExisting


class CampaignExistsError(RefusedError):
    """Another campaign has this id."""

    code = "campaign-exists"


class CampaignStateError(RefusedError):
    """The command is impossible in the campaign's present state; `code` says why."""


class VersionStaleError(RefusedError):
    """Somebody else has changed the campaign since it was read."""

    code = "version-stale"

    def __init__(self, present: int) -> None:
        super().__init__(
            "Diese Kampagne wurde inzwischen geändert. Bitte laden Sie sie neu.", version=present
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Never drawn up, or deleted as a draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    dealer: str
    campaign_id: str
    version: int
    terms: CampaignTerms


class TermsVersion(Fact, frozen=True):
    version: int
    effective_at: datetime
    terms: CampaignTerms


@dataclass(frozen=True, slots=True)
class InForce:
    """The terms of a campaign that apply at an instant.

    `lent_voucher_id` is the voucher of another user of the customer, which has these terms (Q6).
    `is_ended`: the campaign was ended before. `unique_code` is the number of the code that was
    entered (X-5).
    """

    dealer: str
    campaign_id: str
    version: int
    terms: CampaignTerms
    lent_voucher_id: str | None = None
    is_ended: bool = False
    unique_code: int | None = None


@dataclass(frozen=True, slots=True)
class Active:
    """A campaign that was activated; it may be paused or over.

    `versions` are those since the activation, in their order. The first one also applies to what
    happened before it.
    """

    dealer: str
    campaign_id: str
    versions: tuple[TermsVersion, ...]
    paused_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def latest(self) -> TermsVersion:
        return self.versions[-1]

    def terms_of(self, version: int) -> CampaignTerms | None:
        return next((each.terms for each in self.versions if each.version == version), None)

    def in_force_at(self, at: datetime) -> InForce:
        """The terms in force at an instant (X-17, X-40)."""
        version = version_at(self.versions, at) or self.versions[0]
        return InForce(
            self.dealer,
            self.campaign_id,
            version.version,
            version.terms,
            is_ended=self.ended_at is not None and self.ended_at <= at,
        )

    def as_quoted(self, number: int | None, at: datetime) -> InForce:
        """The version that a quote has shown, if it was in force within QUOTE_TTL before `at`.

        Else the terms in force. What caps the campaign as a whole is in force for all (X-29).
        """
        present = self.in_force_at(at)
        for version, later in pairwise(self.versions):
            if version.version == number and at - QUOTE_TTL < later.effective_at <= at:
                terms = with_fields(
                    version.terms,
                    max_uses=present.terms.max_uses,
                    budget_cents=present.terms.budget_cents,
                )
                return replace(present, version=version.version, terms=terms)
        return present


type Campaign = Unknown | Draft | Active


def decide(command: Command, campaign: Campaign) -> Sequence[CampaignEvent]:
    if isinstance(command, DrawUpCampaign):
        return draw_up(command, campaign)
    match campaign:
        case Unknown():
            raise NotFoundError("Diese Kampagne gibt es nicht.")
        case Draft():
            return prepare(command, campaign)
        case Active():
            return run(command, campaign)


def prepare(command: OfExisting, draft: Draft) -> Sequence[CampaignEvent]:
    match command:
        case ChangeTerms():
            return edit(command, draft)
        case ActivateCampaign(at, version):
            check_version(version, draft.version)
            return [
                CampaignActivated(draft.campaign_id, draft.dealer, draft.version, draft.terms, at)
            ]
        case DeleteCampaign():
            return [CampaignDeleted(draft.campaign_id, draft.dealer)]
        case PauseCampaign() | ResumeCampaign() | EndCampaign():
            raise CampaignStateError(
                "Diese Kampagne ist noch ein Entwurf.", code="campaign-not-active"
            )


def run(command: OfExisting, active: Active) -> Sequence[CampaignEvent]:
    ids = active.campaign_id, active.dealer
    match command:
        case ChangeTerms():
            return change(command, active)
        case DeleteCampaign():
            raise CampaignStateError(
                "Eine Kampagne, die aktiviert wurde, kann nicht gelöscht, nur beendet werden.",
                code="campaign-active",
            )
        case EndCampaign(at, reason):
            return [] if active.ended_at else [CampaignEnded(*ids, at, reason)]
        case _ if active.ended_at is not None:
            raise over()
        case ActivateCampaign():
            return []
        case PauseCampaign(at, reason):
            return [] if active.paused_at else [CampaignPaused(*ids, at, reason)]
        case ResumeCampaign(at):
            return [CampaignResumed(*ids, at)] if active.paused_at else []


def draw_up(command: DrawUpCampaign, campaign: Campaign) -> Sequence[CampaignEvent]:
    match campaign:
        case Unknown():
            check_id(command.dealer, command.campaign_id)
            check(command.terms)
            return [CampaignCreated(command.campaign_id, command.dealer, 1, command.terms)]
        case Draft(version=1, terms=terms) if terms == command.terms:
            return []  # a repeated request
        case Active(versions=(TermsVersion(version=1, terms=terms), *_)) if terms == command.terms:
            return []
        case Draft() | Active():
            raise CampaignExistsError(
                "Unter dieser Kennung gibt es bereits eine andere Kampagne. Ihre Bedingungen "
                "lassen sich ändern, oder Sie wählen eine andere Kennung."
            )


def edit(command: ChangeTerms, draft: Draft) -> Sequence[CampaignEvent]:
    if command.terms == draft.terms:
        return []
    check_version(command.version, draft.version)
    check(command.terms)
    return [CampaignDraftEdited(draft.campaign_id, draft.dealer, draft.version + 1, command.terms)]


def change(command: ChangeTerms, active: Active) -> Sequence[CampaignEvent]:
    """The code and the kinds of limit are what people and open holds count on (VO-45)."""
    latest = active.latest
    if command.terms == latest.terms:
        return []
    check_version(command.version, latest.version)
    if active.ended_at is not None:
        raise over()
    check(command.terms)
    check_lasting(latest.terms, command.terms)
    if len(active.versions) >= MAX_VERSIONS:
        raise CampaignStateError(
            "Diese Kampagne wurde zu oft geändert. Bitte legen Sie eine neue an.",
            code="too-many-versions",
        )
    return [
        CampaignTermsChanged(
            active.campaign_id,
            active.dealer,
            latest.version + 1,
            command.terms,
            max(command.at, latest.effective_at),
        )
    ]


def check_version(read: int | None, present: int) -> None:
    if read is not None and read != present:
        raise VersionStaleError(present)


def check_lasting(before: CampaignTerms, after: CampaignTerms) -> None:
    """Raise CampaignStateError when what must last would change."""
    if (before.code, before.kind, before.newsletter, before.unique_codes) != (
        after.code,
        after.kind,
        after.newsletter,
        after.unique_codes,
    ):
        raise CampaignStateError(
            "Code und Art einer aktivierten Kampagne stehen fest.", code="code-fixed"
        )
    had = limits_in(before)
    for name, has in limits_in(after).items():
        if has != had[name]:
            raise CampaignStateError(
                f"Ob eine aktivierte Kampagne die Grenze „{name}“ hat, steht fest; nur die Zahl "
                "kann sich ändern.",
                code="limit-fixed",
            )


def over() -> CampaignStateError:
    return CampaignStateError("Diese Kampagne ist beendet.", code="campaign-ended")


def evolve(campaign: Campaign, event: CampaignEvent) -> Campaign:
    match campaign, event:
        case _, CampaignCreated() | CampaignDraftEdited():
            return Draft(event.dealer, event.campaign_id, event.version, event.terms)
        case _, CampaignActivated(activated_at=at):
            first = TermsVersion(event.version, at or datetime.min.replace(tzinfo=UTC), event.terms)
            return Active(event.dealer, event.campaign_id, (first,))
        case _, CampaignDeleted():
            return Unknown()
        case Active(versions=versions), CampaignTermsChanged():
            version = TermsVersion(event.version, event.effective_at, event.terms)
            return replace(campaign, versions=(*versions, version))
        case Active(), CampaignPaused(paused_at=at):
            return replace(campaign, paused_at=at)
        case Active(), CampaignResumed():
            return replace(campaign, paused_at=None)
        case Active(), CampaignEnded(ended_at=at):
            return replace(campaign, ended_at=at)
        case _:
            return campaign


CAMPAIGN_DECIDER: Decider[Command, Campaign, CampaignEvent] = Decider(
    "campaign", Unknown(), decide, evolve
)


def campaign_history(dealer: str, campaign_id: str) -> History[Campaign, CampaignEvent]:
    stream = f"campaign/{dealer}/{campaign_id}"
    return History(Stream(stream, stream), CAMPAIGN_DECIDER)
