"""Advertising by mail: every user gets it until they object (X-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zugabe_events.contracts.vouchers import AdvertisingAllowed, AdvertisingObjected
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream


@dataclass(frozen=True, slots=True)
class ObjectToAdvertising:
    dealer: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AllowAdvertising:
    dealer: str
    user: str
    at: datetime


type Command = ObjectToAdvertising | AllowAdvertising
type AdvertisingEvent = AdvertisingObjected | AdvertisingAllowed


@dataclass(frozen=True, slots=True)
class Advertising:
    """`objected_at` is the time of an objection that stands."""

    objected_at: datetime | None = None


def decide(command: Command, advertising: Advertising) -> Sequence[AdvertisingEvent]:
    has_objected = advertising.objected_at is not None
    match command:
        case ObjectToAdvertising(dealer, user, at):
            return [] if has_objected else [AdvertisingObjected(dealer, user, at)]
        case AllowAdvertising(dealer, user, at):
            return [AdvertisingAllowed(dealer, user, at)] if has_objected else []


def evolve(_: Advertising, event: AdvertisingEvent) -> Advertising:
    match event:
        case AdvertisingObjected():
            return Advertising(event.objected_at)
        case AdvertisingAllowed():
            return Advertising()


ADVERTISING_DECIDER: Decider[Command, Advertising, AdvertisingEvent] = Decider(
    "advertising", Advertising(), decide, evolve
)


def advertising_history(dealer: str, user: str) -> History[Advertising, AdvertisingEvent]:
    stream = Stream(f"advertising/{dealer}/{user}", f"{dealer}/{user}")
    return History(stream, ADVERTISING_DECIDER)
