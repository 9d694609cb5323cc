"""One window after login that says all that is new, so that none follows on another (BO-32)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bonus.account.state import Account, waiting_lots
from bonus.catalogue.names import NO_NAMES, Names, on_articles
from bonus.notice.decider import Seen
from bonus.programme.points import points_text
from bonus.programme.versions import Active, RunOff
from bonus.text.acceptance import Rules
from zugabe_events.contracts.bonus import PromotionAdded
from zugabe_events.domain.calendar import day_of, german_date, is_within

type NoticeKind = Literal["programme-available", "promotion", "programme-ended"]


@dataclass(frozen=True, slots=True)
class Notice:
    """`title` and `text` are German. `id` is what a user has seen it by."""

    id: str
    kind: NoticeKind
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Lightbox:
    """`must_accept`: the texts of the programme are to be accepted in the same window (BO-29)."""

    notices: tuple[Notice, ...]
    must_accept: bool


def lightbox(
    rules: Rules, account: Account, seen: Seen, now: datetime, names: Names = NO_NAMES
) -> Lightbox:
    """Notices that a user who logs in has not seen yet; none for a user who left the programme."""
    if account.has_left:
        return Lightbox((), must_accept=False)
    notices = tuple(one for one in notices_for(rules, account, now, names) if one.id not in seen)
    takes_part = rules.membership.collects(now) and rules.asks(now)
    return Lightbox(notices, takes_part and not rules.has_accepted(now, account.accepted))


def notices_for(rules: Rules, account: Account, now: datetime, names: Names) -> Iterator[Notice]:
    programme, enabled_at = rules.programme.at(now), rules.membership.enabled_at(now)
    day = day_of(now)
    match programme:
        case Active(terms=terms) if enabled_at is not None and day >= terms.starts_on:
            yield Notice(
                f"available/{instant_of(enabled_at)}",
                "programme-available",
                "Jetzt Bonuspunkte sammeln",
                f"Sie erhalten {points_text(terms.points_per_euro)} für jeden vollen Euro "
                "Nettowarenwert einer Position und tauschen Ihre Punkte gegen Prämien.",
            )
            for promotion in programme.promotions.values():
                if is_within(now, promotion.valid_from, promotion.valid_until):
                    yield of_promotion(promotion, names)
        case Active() | RunOff():
            yield from of_end(rules, account, now)
        case _:
            return


def of_promotion(promotion: PromotionAdded, names: Names) -> Notice:
    until = promotion.valid_until
    lasts = f"Bis zum {german_date(until)}" if until else "Ab sofort"
    on = on_articles(promotion, names)
    more = f"{lasts} sammeln Sie mit dieser Aktion{on} {promotion.factor}-mal so viele Punkte."
    return Notice(
        f"promotion/{promotion.promotion_id}/{promotion.version}",
        "promotion",
        promotion.title,
        f"{promotion.text} {more}" if promotion.text else more,
    )


def of_end(rules: Rules, account: Account, now: datetime) -> Iterator[Notice]:
    """Only for users who have points left: others see nothing of the programme (BO-13, BO-38)."""
    programme, membership = rules.programme.at(now), rules.membership
    until = programme.run_off_until if isinstance(programme, RunOff) else membership.run_off_until
    has_points = bool(account.lots.points or account.holds or waiting_lots(account))
    if until is None or not has_points or day_of(now) > until:
        return
    yield Notice(
        f"ended/{until.isoformat()}",
        "programme-ended",
        "Das Bonusprogramm ist beendet",
        f"Sie sammeln keine Punkte mehr. Ihre Punkte können Sie noch bis zum {german_date(until)} "
        "einlösen.",
    )


def instant_of(enabled_at: datetime) -> str:
    return enabled_at.isoformat(timespec="seconds")
