"""Rules of dealers and their times: campaigns, second-purchase offers, programmes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zugabe_verify.memberships import MEMBERSHIP, Memberships, instants_of
from zugabe_verify.records import Body, LoggedEvent, instant

TERMS = {"campaign-activated", "campaign-terms-changed"}
CAMPAIGN_LIFE = {
    "campaign-created",
    "campaign-draft-edited",
    "campaign-deleted",
    "campaign-paused",
    "campaign-resumed",
    "campaign-ended",
    *TERMS,
}
OFFER = {"second-purchase-offered", "second-purchase-suspended"}
PARTICIPATION = {"campaign-joined", "campaign-minimum-changed", "campaign-left"}
CAMPAIGN = {"article-numbers-listed", *OFFER, *CAMPAIGN_LIFE, *PARTICIPATION}
PROGRAMME = {
    "programme-set-up",
    "reward-added",
    "reward-withdrawn",
    "promotion-added",
    "promotion-ended",
    "programme-activated",
    "programme-deactivated",
    "programme-closed",
}
CENTRAL, CENTRAL_CAMPAIGN = "central", "central-"
"""The tenant of central campaigns, and what their ids begin with (VO-24)."""

UNLIMITED_USES = 1_000
"""A limit per user from here on is none (VO-14)."""


@dataclass(slots=True)
class Programme:
    """A dealer's programme in one version; it earns points while it is `active`.

    `ended` is the event that deactivated it, `state` the name of how far it has come.
    """

    version: int = 0
    state: str = "draft"
    ended: Body | None = None
    terms: Body | None = None
    rewards: dict[str, Body] = field(default_factory=dict)
    promotions: dict[str, Body] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        return self.state == "active"

    @property
    def redeems(self) -> bool:
        return self.state in ("active", "run-off")


class Rules:
    """All rules, in memory since they are few; events come in the order of each stream."""

    def __init__(self) -> None:
        self._terms: dict[tuple[str, str, int], Body] = {}
        self._articles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.offers: defaultdict[str, list[LoggedEvent]] = defaultdict(list)
        self._participations: defaultdict[tuple[str, str], list[LoggedEvent]] = defaultdict(list)
        self._programmes: defaultdict[str, list[LoggedEvent]] = defaultdict(list)
        self._folded: dict[tuple[str, int], Programme] = {}
        self.settings: list[LoggedEvent] = []
        self._memberships = Memberships()

    def take(self, event: LoggedEvent) -> None:
        body = event.body
        if event.name == "article-numbers-listed":
            self._articles[body["dealer"], body["list_id"]] |= {*body["numbers"]}
            return
        if event.name in MEMBERSHIP:
            self._memberships.take(event)
            return
        self.settings.append(event)
        if event.name in TERMS:
            self._terms[body["dealer"], body["campaign_id"], body["version"]] = body["terms"]
        elif event.name in OFFER:
            self.offers[body["dealer"]].append(event)
        elif event.name in PARTICIPATION:
            self._participations[body["dealer"], body["campaign_id"]].append(event)
        elif event.name in PROGRAMME:
            self._programmes[body["dealer"]].append(event)

    def terms(self, dealer: str, campaign_id: str, version: int) -> Body | None:
        """None when that version was never in force; central campaigns are those of `central`."""
        own = self._terms.get((dealer, campaign_id, version))
        return own or self._terms.get((CENTRAL, campaign_id, version))

    def articles(self, dealer: str, list_id: str) -> set[str]:
        """The numbers of a list of the dealer, or of a central one."""
        own = self._articles.get((dealer, list_id))
        return own or self._articles.get((CENTRAL, list_id), set())

    def versions(self, dealer: str, campaign_id: str) -> list[Body]:
        """All terms that a campaign of the dealer, or a central one, has had since it is active."""
        return [
            terms
            for (owner, campaign, _), terms in self._terms.items()
            if campaign == campaign_id and owner in (dealer, CENTRAL)
        ]

    def offers_of(self, dealer: str, campaign_id: str) -> list[LoggedEvent]:
        """The events of a second-purchase campaign's offer, in order."""
        return [
            event
            for event in self.offers[owner_of(dealer, campaign_id)]
            if event.body["campaign_id"] == campaign_id
        ]

    def participation(self, dealer: str, campaign_id: str) -> list[LoggedEvent]:
        """The dealer's decisions about a central campaign, in order."""
        return self._participations[dealer, campaign_id]

    def offered(self, dealer: str) -> set[str]:
        """The second-purchase campaigns of a dealer, and the central ones that they joined."""
        own = {offer.body["campaign_id"] for offer in self.offers[dealer]}
        central = {offer.body["campaign_id"] for offer in self.offers[CENTRAL]}
        return own | {one for one in central if (dealer, one) in self._participations}

    def most_per_user(self, terms: Body) -> int | None:
        most: Any = terms["max_per_user"]
        return None if most is None or most >= UNLIMITED_USES else int(most)

    def programmes(self) -> Mapping[str, Sequence[LoggedEvent]]:
        """The events, in their order, of every dealer who has any."""
        return {dealer: events for dealer, events in self._programmes.items() if events}

    def programme(self, dealer: str, version: int) -> Programme:
        if (dealer, version) not in self._folded:
            self._folded[dealer, version] = fold(
                [event for event in self._programmes[dealer] if event.body["version"] <= version]
            )
        return self._folded[dealer, version]

    def versions_for(self, dealer: str, placed_at: str, seconds: int) -> list[int]:
        """List versions that an order may have earned points by.

        It is the one in force when it was placed; before the first that ran, one in force when the
        order was stored.
        """
        at = instant(placed_at)
        begun = [
            int(event.body["version"])
            for event in self._programmes[dealer]
            if (since := event.body.get("effective_at")) is None or instant(since) <= at
        ]
        if self.programme(dealer, max(begun, default=0)).state != "draft":
            return [max(begun)]
        return self.versions_since(dealer, seconds)

    def collected(self, placed: LoggedEvent, version: int, accepted: Sequence[str]) -> set[bool]:
        """True if the user took part when the order counted; both, if that is not certain."""
        dealer, customer = placed.body["dealer"], placed.body["customer"]
        found = set()
        for at in instants_of(placed):
            since = self._memberships.enabled_since(dealer, customer, at)
            terms = self.programme(dealer, version).terms or {}
            if since is not None and terms.get("needs_acceptance"):
                since = max([since, *self._worse_since(dealer, at)])
                found.add(self._memberships.has_accepted(dealer, since, at, accepted))
            else:
                found.add(since is not None)
        return found

    def _worse_since(self, dealer: str, at: datetime) -> list[datetime]:
        """The instants at which the terms became worse for those who took part already (X-23)."""
        return [
            since
            for event in self._programmes[dealer]
            if event.body.get("is_worse")
            and (since := instant(event.body["effective_at"])) <= at
            and self.programme(dealer, event.body["version"]).state != "draft"
        ]

    def versions_since(self, dealer: str, seconds: int) -> list[int]:
        """List versions that may have been in force when something later was decided.

        The first is the latest that was surely there in an earlier second.
        """
        versions = [
            (event.seconds, int(event.body["version"])) for event in self._programmes[dealer]
        ]
        before = max((version for stored, version in versions if stored < seconds), default=0)
        return [before, *(version for _, version in versions if version > before)]


def owner_of(dealer: str, campaign_id: str) -> str:
    return CENTRAL if campaign_id.startswith(CENTRAL_CAMPAIGN) else dealer


def fold(events: list[LoggedEvent]) -> Programme:
    programme = Programme()
    for event in events:
        body = event.body
        programme.version = body["version"]
        match event.name:
            case "programme-set-up":
                programme.terms = body["terms"]
            case "reward-added":
                programme.rewards[body["reward_id"]] = body
            case "promotion-added":
                programme.promotions[body["promotion_id"]] = body
            case "reward-withdrawn":
                programme.rewards.pop(body["reward_id"], None)
            case "promotion-ended":
                programme.promotions.pop(body["promotion_id"], None)
            case "programme-activated":
                programme.state, programme.ended = "active", None
            case "programme-deactivated":
                programme.state, programme.ended = "run-off", body
            case "programme-closed":
                programme.state = "closed"
            case _:
                pass
    return programme
