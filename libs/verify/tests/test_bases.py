"""What vouchers of an order were calculated on, falsified one figure at a time."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from zugabe_verify.business.bases import check_bases
from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case, Scope
from zugabe_verify.findings import Findings
from zugabe_verify.records import LoggedEvent
from zugabe_verify.rules import Rules

type Body = dict[str, Any]


def event(name: str, body: Body) -> LoggedEvent:
    return LoggedEvent("vouchers", "s", 1, 0, 1, "c.0", None, 0, name, json.dumps(body))


def line(article: str, net_cents: int, groups: Sequence[str] = (), **more: Any) -> Body:
    said = {"groups": [*groups], "media": ["Flyer"]}
    return {"article": article, "brand": "soe", "net_cents": net_cents, "from_catalogue": said} | (
        more
    )


LINES = [
    line("0017", 4_000, ["folders", "office"]),
    line("4711", 5_000, ["pens"]),
    line("1", 6_000, ["folders"], brand="leitz"),
    line("2", 7_000, ["folders"], excluded=["vouchers"]),
]


def told(assortment: Body | None, *uses: Body) -> list[str]:
    rules = Rules()
    for part, numbers in enumerate((["0017"], ["1", "4711"]), start=1):
        listed = {"dealer": "central", "list_id": "l", "part": part, "numbers": numbers}
        rules.take(event("article-numbers-listed", listed))
    for version, terms in enumerate((None, assortment), start=1):
        name = "campaign-activated" if version == 1 else "campaign-terms-changed"
        ids = {"dealer": "central", "campaign_id": "c", "version": version}
        rules.take(event(name, ids | {"terms": {"assortment": terms}}))
    first, *others = (
        {"hold_id": f"h{number}", "campaign_id": "c", "campaign_version": 2} | use
        for number, use in enumerate(uses)
    )
    body = {"dealer": "acme", "lines": LINES, "voucher": first, "more_vouchers": others}
    findings = Findings()
    scope = Scope(findings, rules, datetime.now(UTC), {})
    case = Case(scope, "vouchers", "wallet/acme/anna", {})
    check_bases("o1", Order(placed=event("order-placed", body)), case)
    return [finding.kind for finding in findings.all()]


def use(base_cents: int, *shares: int, **more: Any) -> Body:
    return {"base_cents": base_cents, "shares": shares} | more


@pytest.mark.parametrize(
    ("assortment", "base", "shares"),
    [
        (None, 15_000, (400, 500, 600, 0)),
        ({"brands": ["soe"], "groups": ["folders"]}, 4_000, (400, 0, 0, 0)),
        ({"medium": "Flyer", "brands": ["leitz"]}, 6_000, (0, 0, 600, 0)),
        ({"medium": "Katalog"}, 0, (0, 0, 0, 0)),
        ({"article_list": "l"}, 15_000, (400, 500, 600, 0)),
    ],
)
def test_a_base_of_the_matching_lines_is_not_named(
    assortment: Body | None, base: int, shares: tuple[int, ...]
) -> None:
    """VO-20, Q1"""
    assert told(assortment, use(base, *shares)) == []
    assert told(assortment, use(base + 1, *shares)) == ["base-wrong"]


def test_a_share_of_a_line_that_does_not_match_is_named() -> None:
    """Q1"""
    assert told({"groups": ["pens"]}, use(5_000, 100, 400, 0, 0)) == ["base-wrong"]


def test_a_later_voucher_is_calculated_on_what_is_left() -> None:
    """X-31"""
    folders = {"groups": ["folders"]}
    first, second = use(10_000, 400, 0, 600, 0), use(9_000, 0, 0, 0, 0)
    assert told(folders, first, second) == []
    assert told(folders, first, second | {"base_cents": 10_000}) == ["base-wrong"]


def test_terms_of_an_earlier_version_count_for_what_had_them() -> None:
    """X-17"""
    unrestricted = use(15_000, 400, 500, 600, 0, campaign_version=1)
    assert told({"groups": ["pens"]}, unrestricted) == []
