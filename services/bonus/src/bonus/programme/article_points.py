"""Points at an article: does it earn any, and does a promotion give more (BO-42)."""

from dataclasses import dataclass
from datetime import datetime

from bonus.programme.points import line_points, points_text, rules_on
from bonus.programme.position import Position
from bonus.programme.versions import Active, Programme
from zugabe_events.domain.calendar import day_of, german_date

NOTHING = "Dieser Artikel bringt keine Bonuspunkte."


@dataclass(frozen=True, slots=True)
class ArticlePoints:
    """`points` are those of the line's value; `sentence` is "" where no programme runs."""

    article: str
    earns: bool
    points_per_euro: int
    factor: int
    points: int
    promotion_id: str | None
    promotion_title: str
    sentence: str


def article_points(
    article: str, line: Position, at: datetime, programme: Programme
) -> ArticlePoints:
    day = day_of(at)
    if not isinstance(programme, Active) or day < programme.terms.starts_on:
        return ArticlePoints(article, False, 0, 0, 0, None, "", "")
    terms = programme.terms
    earned = line_points(line, rules_on(programme, day))
    if earned.factor == 0:
        return ArticlePoints(article, False, 0, 0, 0, None, "", NOTHING)
    rate = terms.points_per_euro * earned.factor
    sentence = f"{points_text(rate)} je vollem Euro Nettowarenwert"
    promotion = programme.promotions[earned.promotion_id] if earned.promotion_id else None
    if promotion:
        last = promotion.valid_until
        sentence += (
            f" statt {points_text(terms.points_per_euro)}: Aktion „{promotion.title}“"
            f"{f' bis zum {german_date(last)}' if last else ''}"
        )
    return ArticlePoints(
        article,
        earns=True,
        points_per_euro=rate,
        factor=earned.factor,
        points=earned.points,
        promotion_id=earned.promotion_id,
        promotion_title=promotion.title if promotion else "",
        sentence=f"{sentence}.",
    )
