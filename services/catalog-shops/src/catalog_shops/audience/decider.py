"""The audience of a dealer's front, and whether consumers buy there (Q13).

A front is public, and for consumers as well, until the dealer says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog_shops.tenants import is_dealer
from zugabe_events.contracts.catalog_shops import (
    AudienceEvent,
    BusinessOnlyDeclared,
    FrontVisibility,
    FrontVisibilitySet,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class SetVisibility:
    dealer: str
    visibility: FrontVisibility
    at: datetime


@dataclass(frozen=True, slots=True)
class DeclareBusinessOnly:
    dealer: str
    business_only: bool
    at: datetime


type Command = SetVisibility | DeclareBusinessOnly


class NoFrontError(InvalidError):
    """Central and groups of dealers sell nothing themselves."""

    code = "no-front"

    def __init__(self) -> None:
        super().__init__("Nur ein Händler hat einen eigenen Shop, der sich einstellen lässt.")


@dataclass(frozen=True, slots=True)
class Audience:
    visibility: FrontVisibility = "public"
    business_only: bool = False


def decide(command: Command, audience: Audience) -> Sequence[AudienceEvent]:
    if not is_dealer(command.dealer):
        raise NoFrontError
    match command:
        case SetVisibility(dealer, visibility, at):
            same = visibility == audience.visibility
            return [] if same else [FrontVisibilitySet(dealer, visibility, at)]
        case DeclareBusinessOnly(dealer, business_only, at):
            same = business_only == audience.business_only
            return [] if same else [BusinessOnlyDeclared(dealer, business_only, at)]


def evolve(audience: Audience, event: AudienceEvent) -> Audience:
    match event:
        case FrontVisibilitySet():
            return replace(audience, visibility=event.visibility)
        case BusinessOnlyDeclared():
            return replace(audience, business_only=event.business_only)


AUDIENCE_DECIDER: Decider[Command, Audience, AudienceEvent] = Decider(
    "audience", Audience(), decide, evolve
)


def audience_history(dealer: str) -> History[Audience, AudienceEvent]:
    """In the partition of the dealer's shops: pages see both in order."""
    return History(Stream(f"audience/{dealer}", f"shops/{dealer}"), AUDIENCE_DECIDER)
