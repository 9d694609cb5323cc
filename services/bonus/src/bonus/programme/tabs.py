"""A programme as the dealer's staff maintain it, in three tabs (BO-9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bonus.catalogue.names import Names, warnings_of
from bonus.programme.decider import Part
from bonus.programme.view import ProgrammeState, ProgrammeView, Promotion, Reward
from zugabe_events.contracts.bonus import ProgrammeTerms
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.german_numbers import thousands


@dataclass(frozen=True, slots=True)
class General:
    """The tab „Allgemeine Einstellungen".

    `switch` is the label of what activates and deactivates the programme (BO-52). `missing` are the
    parts that activation still needs (BO-10). `notice` says since when the programme is
    deactivated, and how long points can be redeemed (BO-12); of a draft, what is recommended before
    it is activated (BO-7).
    """

    switch: str
    state: ProgrammeState
    missing: tuple[Part, ...]
    terms: ProgrammeTerms | None
    deactivated_at: datetime | None
    run_off_until: date | None
    notice: str


@dataclass(frozen=True, slots=True)
class ProgrammeTabs:
    """Rewards are in the order of the list, with new ones at its end (BO-19).

    `warnings` are German sentences about brands and groups that the catalogue does not know (D14),
    and about customers whose shared points nobody can redeem (Q12).
    """

    dealer: str
    version: int
    active: bool
    general: General
    rewards: tuple[Reward, ...]
    promotions: tuple[Promotion, ...]
    names: Names
    warnings: tuple[str, ...]


SWITCH = "Bonuspunkte-Programm aktiv"

BEFORE_ACTIVATION = (
    "Das Bonusprogramm ist noch nicht aktiv, und nur Ihre Mitarbeiter sehen es. Vor der Aktivierung"
    " empfehlen wir das Webinar dazu: im So.MIT unter „Programm“, „Akademie“, „Veranstaltungen"
    " Marketing Online“."
)


def tabs_of(view: ProgrammeView, names: Names, day: date, frozen_pools: int = 0) -> ProgrammeTabs:
    return ProgrammeTabs(
        view.dealer,
        view.version,
        view.active,
        General(
            SWITCH,
            view.state,
            missing_parts(view, day),
            view.terms,
            view.deactivated_at,
            view.run_off_until,
            notice_of(view),
        ),
        in_order(view.rewards),
        view.promotions,
        names,
        (*warnings_of(view, names), *of_frozen(frozen_pools)),
    )


def of_frozen(pools: int) -> tuple[str, ...]:
    if pools == 0:
        return ()
    whose = "Bei 1 Kunden" if pools == 1 else f"Bei {thousands(pools)} Kunden"
    return (
        f"{whose} kann zurzeit niemand die gemeinsamen Punkte einlösen, da es keinen"
        " Bonuspunkte-Verwalter gibt.",
    )


def missing_parts(view: ProgrammeView, day: date) -> tuple[Part, ...]:
    """None of a programme that runs, or has ended."""
    if view.state != "draft":
        return ()
    is_offered = any(each.valid_until is None or each.valid_until >= day for each in view.rewards)
    parts: dict[Part, bool] = {"terms": view.terms is None, "rewards": not is_offered}
    return tuple(part for part, is_missing in parts.items() if is_missing)


def in_order(rewards: Iterable[Reward]) -> tuple[Reward, ...]:
    return tuple(
        sorted(rewards, key=lambda reward: (reward.position is None, reward.position or 0))
    )


def notice_of(view: ProgrammeView) -> str:
    """The consequences of the state, as German sentences; "" while the programme runs."""
    if view.state == "draft":
        return BEFORE_ACTIVATION
    if view.deactivated_at is None or view.run_off_until is None:
        return ""
    since, until = german_date(day_of(view.deactivated_at)), german_date(view.run_off_until)
    if view.state == "closed":
        return f"Das Bonusprogramm wurde am {since} deaktiviert und ist endgültig abgeschaltet."
    return (
        f"Das Bonusprogramm ist seit dem {since} deaktiviert: Neue Bestellungen bringen keine"
        f" Punkte. Gesammelte Punkte können bis zum {until} eingelöst werden."
    )
