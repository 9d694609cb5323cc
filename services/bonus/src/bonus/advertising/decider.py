"""Advertising of a dealer's programme: a banner on the start page, a link in the footer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bonus.advertising.graphic import GraphicView, check_banner
from bonus.programme.decider import missing_parts
from bonus.programme.versions import Draft, Programme
from zugabe_events.contracts.bonus import FooterLinkSet, ProgrammeAdvertised
from zugabe_events.domain.calendar import day_of
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import InvalidError, RefusedError
from zugabe_events.domain.event import Stream

type AdvertisingEvent = ProgrammeAdvertised | FooterLinkSet


@dataclass(frozen=True, slots=True)
class Advertise:
    """`graphic` is that of `banner`; a banner of "" is none."""

    dealer: str
    shown: bool
    banner: str
    title: str
    graphic: GraphicView | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SetFooterLink:
    dealer: str
    shown: bool
    programme: Programme
    at: datetime


type Command = Advertise | SetFooterLink


class BannerMissingError(InvalidError):
    code = "banner-missing"


class NotSetUpError(RefusedError):
    code = "programme-incomplete"


@dataclass(frozen=True, slots=True)
class Advertising:
    shown: bool = False
    banner: str = ""
    title: str = ""
    footer_link: bool = False


def decide(command: Command, advertising: Advertising) -> Sequence[AdvertisingEvent]:
    match command:
        case Advertise():
            return advertise(command, advertising)
        case SetFooterLink():
            return set_footer_link(command, advertising)


def advertise(command: Advertise, advertising: Advertising) -> Sequence[ProgrammeAdvertised]:
    if command.banner:
        check_banner(command.graphic)
    elif command.shown:
        raise BannerMissingError("Zur Bewerbung fehlt noch ein Banner.")
    wanted = ProgrammeAdvertised(
        command.dealer, command.shown, command.banner, command.title, command.at
    )
    return [] if evolve(advertising, wanted) == advertising else [wanted]


def set_footer_link(command: SetFooterLink, advertising: Advertising) -> Sequence[FooterLinkSet]:
    """It is set once the programme is set up (BO-27), and may be taken away at any time."""
    if command.shown == advertising.footer_link:
        return []
    programme = command.programme
    if (
        command.shown
        and isinstance(programme, Draft)
        and missing_parts(programme, day_of(command.at))
    ):
        raise NotSetUpError("Das Programm ist noch nicht vollständig eingerichtet.")
    return [FooterLinkSet(command.dealer, command.shown, command.at)]


def evolve(advertising: Advertising, event: AdvertisingEvent) -> Advertising:
    match event:
        case ProgrammeAdvertised():
            return replace(advertising, shown=event.shown, banner=event.banner, title=event.title)
        case FooterLinkSet():
            return replace(advertising, footer_link=event.shown)


ADVERTISING_DECIDER: Decider[Command, Advertising, AdvertisingEvent] = Decider(
    "advertising", Advertising(), decide, evolve
)


def advertising_history(dealer: str) -> History[Advertising, AdvertisingEvent]:
    stream = f"advertising/{dealer}"
    return History(Stream(stream, stream), ADVERTISING_DECIDER)
