"""The public page „Bonuspunkte" (BO-40, BO-53), with the terms as this dealer set them (BO-41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bonus.catalogue.names import NO_NAMES, Names, on_articles
from bonus.programme.points import points_text
from bonus.programme.tabs import in_order
from bonus.programme.view import ProgrammeView, Promotion, Reward
from zugabe_events.contracts.bonus import ClawBack, ProgrammeTerms
from zugabe_events.domain.calendar import german_date, is_within
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import FULL, euros, percentage

type Rel = Literal["terms", "rewards", "account", "join", "rejoin", "opt-out"]


@dataclass(frozen=True, slots=True)
class PageLink:
    rel: Rel
    text: str


@dataclass(frozen=True, slots=True)
class OfferedReward:
    reward_id: str
    title: str
    short_text: str
    description: str
    points: int
    sentence: str


@dataclass(frozen=True, slots=True)
class RunningPromotion:
    promotion_id: str
    title: str
    text: str
    factor: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """All texts are German. `notice` is "" while the programme runs.

    The link to leave the programme is the last one, and only for users who are logged in (BO-43,
    BO-44). Who has texts to accept before they collect is led there to join. Who has left
    joins again by the last link (BO-47).
    """

    title: str
    dealer_name: str
    version: int
    notice: str
    introduction: tuple[str, ...]
    terms: tuple[str, ...]
    rewards: tuple[OfferedReward, ...]
    promotions: tuple[RunningPromotion, ...]
    links: tuple[PageLink, ...]


TO_TERMS = PageLink("terms", "Teilnahmebedingungen")
TO_REWARDS = PageLink("rewards", "Prämien")
TO_ACCOUNT = PageLink("account", "Mein Punktekonto")
TO_JOIN = PageLink("join", "Am Bonusprogramm teilnehmen")
TO_OPT_OUT = PageLink("opt-out", "Vom Bonusprogramm abmelden")
TO_REJOIN = PageLink("rejoin", "Wieder am Bonusprogramm teilnehmen")

CLAWED_BACK: dict[ClawBack, str] = {
    "negative": "auch wenn dadurch der Punktestand negativ wird",
    "balance": "höchstens bis der Punktestand aufgebraucht ist",
    "pending": "eingelöste nur aus Punkten, die noch nicht einlösbar sind",
}


def page_of(
    view: ProgrammeView,
    terms: ProgrammeTerms,
    dealer_name: str,
    at: datetime,
    links: tuple[PageLink, ...],
    ended_until: date | None = None,
    names: Names = NO_NAMES,
) -> ProgrammePage:
    """`ended_until`: the visitor collects no more, and redeems up to that day (BO-49).

    `names` are those of the brands and groups of promotions.
    """
    collects = view.active and ended_until is None
    return ProgrammePage(
        title="Bonuspunkte",
        dealer_name=dealer_name,
        version=view.version,
        notice=notice_of(view, ended_until),
        introduction=tuple(introduction(dealer_name, collects=collects)),
        terms=tuple(sentences(terms, dealer_name or "Ihr Händler")),
        rewards=tuple(offered(each) for each in in_order(view.rewards) if is_offered(each, at)),
        promotions=tuple(
            running(each, terms, names)
            for each in view.promotions
            if collects and is_within(at, each.valid_from, each.valid_until)
        ),
        links=links,
    )


def links_for(
    *, is_user: bool, must_accept: bool = False, has_left: bool = False
) -> tuple[PageLink, ...]:
    if not is_user:
        return (TO_TERMS, TO_REWARDS)
    if has_left:
        return (TO_TERMS, TO_REWARDS, TO_ACCOUNT, TO_REJOIN)
    joining = (TO_JOIN,) if must_accept else ()
    return (TO_TERMS, TO_REWARDS, TO_ACCOUNT, *joining, TO_OPT_OUT)


def introduction(dealer_name: str, *, collects: bool) -> Iterator[str]:
    if collects:
        shop = f" bei {dealer_name}" if dealer_name else ""
        yield f"Mit jeder Bestellung{shop} sammeln Sie Bonuspunkte."
    yield "Ihre Punkte tauschen Sie gegen Prämien ein: Rabatte auf Ihre Bestellung."


def is_offered(reward: Reward, at: datetime) -> bool:
    return is_within(at, reward.valid_from, reward.valid_until)


def notice_of(view: ProgrammeView, ended_until: date | None) -> str:
    last_days = [day for day in (view.run_off_until, ended_until) if day]
    if not last_days:
        return ""
    ended = "ist beendet" if view.run_off_until else "ist für Sie beendet"
    return (
        f"Das Bonusprogramm {ended}: Neue Bestellungen bringen keine Punkte."
        f" Ihre gesammelten Punkte können Sie bis zum {german_date(min(last_days))} einlösen."
    )


def sentences(terms: ProgrammeTerms, dealer: str) -> Iterator[str]:
    base = "nach" if terms.count_after_discounts else "vor"
    yield (
        f"{dealer} schreibt Ihnen {points_text(terms.points_per_euro)} je vollem Euro"
        f" Nettowarenwert einer Position gut, {base} Abzug von Gutscheinen und Prämien."
    )
    yield f"Punkte zählen für Bestellungen ab dem {german_date(terms.starts_on)}."
    yield pending_text(terms.pending_days)
    if terms.excluded_groups:
        yield "Einzelne Warengruppen sind ausgenommen."
    if terms.max_share_basis_points not in (None, FULL):
        yield (
            f"Prämien bezahlen höchstens {percentage(terms.max_share_basis_points or FULL)} dessen,"
            " was nach Gutscheinen vom Warenwert einer Bestellung bleibt."
        )
    if months := terms.expires_after_months:
        after = "1 Monat" if months == 1 else f"{months} Monate"
        yield f"Punkte verfallen {after}, nachdem sie einlösbar wurden."
    yield (
        "Wird eine Bestellung storniert oder zurückgegeben, werden ihre Punkte zurückgebucht,"
        f" {CLAWED_BACK[terms.claw_back]}."
    )


def pending_text(days: int) -> str:
    if days == 0:
        return "Punkte sind am Tag der Bestellung einlösbar."
    after = "1 Tag" if days == 1 else f"{thousands(days)} Tage"
    return f"Punkte sind {after} nach der Bestellung einlösbar."


def offered(reward: Reward) -> OfferedReward:
    return OfferedReward(
        reward.reward_id,
        reward.title,
        reward.short_text,
        reward.description,
        reward.points,
        reward_sentence(reward),
    )


def reward_sentence(reward: Reward) -> str:
    share = reward.percent_basis_points
    discount = euros(reward.discount_cents) if share is None else percentage(share)
    said = f"{discount} Rabatt für {points_text(reward.points)}"
    if reward.minimum_cents:
        said += f" ab einem Bestellwert von {euros(reward.minimum_cents)} netto"
    return f"{said}{until_text(reward.valid_until)}."


def running(promotion: Promotion, terms: ProgrammeTerms, names: Names) -> RunningPromotion:
    on = on_articles(promotion, names)
    more = points_text(terms.points_per_euro * promotion.factor)
    return RunningPromotion(
        promotion.promotion_id,
        promotion.title,
        promotion.text,
        promotion.factor,
        f"{more} je vollem Euro{on} statt {points_text(terms.points_per_euro)}"
        f"{until_text(promotion.valid_until)}.",
    )


def until_text(last: date | None) -> str:
    return f", bis zum {german_date(last)}" if last else ""
