"""A programme as the dealer's staff maintain it, in three tabs (BO-9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bonus.catalogue.names import Names, warnings_of
from bonus.programme.view import ProgrammeState, ProgrammeView, Promotion, Reward
from zugabe_events.contracts.bonus import ProgrammeTerms
from zugabe_events.domain.calendar import day_of, german_date


@dataclass(frozen=True, slots=True)
class General:
    """The tab „Allgemeine Einstellungen"; `notice` says since when and how long (BO-12)."""

    state: ProgrammeState
    terms: ProgrammeTerms | None
    deactivated_at: datetime | None
    run_off_until: date | None
    notice: str


@dataclass(frozen=True, slots=True)
class ProgrammeTabs:
    """Rewards are in the order of the list, with new ones at its end (BO-19).

    `warnings` are German sentences about brands and groups that the catalogue does not know (D14).
    """

    dealer: str
    version: int
    active: bool
    general: General
    rewards: tuple[Reward, ...]
    promotions: tuple[Promotion, ...]
    names: Names
    warnings: tuple[str, ...]


def tabs_of(view: ProgrammeView, names: Names) -> ProgrammeTabs:
    return ProgrammeTabs(
        view.dealer,
        view.version,
        view.active,
        General(view.state, view.terms, view.deactivated_at, view.run_off_until, notice_of(view)),
        in_order(view.rewards),
        view.promotions,
        names,
        warnings_of(view, names),
    )


def in_order(rewards: Iterable[Reward]) -> tuple[Reward, ...]:
    return tuple(
        sorted(rewards, key=lambda reward: (reward.position is None, reward.position or 0))
    )


def notice_of(view: ProgrammeView) -> str:
    """What the deactivation means, as German sentences; "" for other programmes."""
    if view.deactivated_at is None or view.run_off_until is None:
        return ""
    since, until = german_date(day_of(view.deactivated_at)), german_date(view.run_off_until)
    if view.state == "closed":
        return f"Das Bonusprogramm wurde am {since} deaktiviert und ist endgültig abgeschaltet."
    return (
        f"Das Bonusprogramm ist seit dem {since} deaktiviert: Neue Bestellungen bringen keine"
        f" Punkte. Gesammelte Punkte können bis zum {until} eingelöst werden."
    )
