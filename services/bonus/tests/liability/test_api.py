"""What a dealer owes, over HTTP: one day, day by day, by customer, and what closing would cost."""

from datetime import timedelta
from typing import Any

import pytest
from bonus_tests.samples import APRIL_1, DEALER, MARCH_1, line, placed, rewarded
from bonus_tests.shop import CENTRAL, CHECKOUT, PAPER, PROGRAMME, STAFF, STRANGER, TERMS, Bonus
from msgspec.structs import replace

from zugabe_events.http.principal import Principal

PATH = f"/dealers/{DEALER}/liability"
PLAIN = Principal("plain", "dealer-staff", DEALER)


@pytest.fixture
async def bonus() -> Bonus:
    """Two orders of 90 and of 60 points, the latter pending until 15 April, and a hold of 50."""
    bonus = Bonus(PLAIN)
    await bonus.set_up()
    await bonus.deliver(placed("o1", line(9_000), at=MARCH_1), "1")
    await bonus.deliver(placed("o2", line(6_000), at=APRIL_1), "2")
    assert (await bonus.hold("o3", at=APRIL_1)).status_code == 200
    return bonus


async def asked(bonus: Bonus, path: str, caller: Principal = STAFF, /, **query: str) -> Any:
    answer = await bonus.ask(caller, "GET", f"{PATH}{path}", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_liability_of_a_day_in_the_past_today_and_in_the_future(bonus: Bonus) -> None:
    """N-10: pending, active and held points, and what they are worth."""
    before = await asked(bonus, "", day="2026-03-14")
    assert (before["active_points"], before["pending_points"]) == (0, 90)
    then = await asked(bonus, "", day="2026-03-15")
    assert (then["active_points"], then["pending_points"], then["value_cents"]) == (90, 0, 90)
    today = await asked(bonus, "")
    assert today["day"] == "2026-04-01"
    assert (today["active_points"], today["pending_points"]) == (40, 60)
    assert (today["held_points"], today["points"], today["redeemable_cents"]) == (50, 150, 40)
    later = await asked(bonus, "", CENTRAL, day="2026-04-15")
    assert (later["active_points"], later["pending_points"], later["held_points"]) == (100, 0, 50)


async def test_a_redeemed_reward_of_an_imported_order_counts_since_it_was_placed() -> None:
    """N-10, X-30: the points were held today, for an order of the past."""
    bonus = Bonus()
    await bonus.set_up()
    await bonus.deliver(placed("o1", line(9_000), at=MARCH_1), "1")
    long_ago = MARCH_1 + timedelta(days=20)
    bonus.now = APRIL_1 + timedelta(days=300)
    body = {
        "reward_id": "five",
        "customer": "c1",
        "user": "u1",
        "placed_at": long_ago.isoformat(),
        "deadline": (bonus.now + timedelta(minutes=15)).isoformat(),
        "lines": [PAPER],
    }
    path = f"/dealers/{DEALER}/holds/o2/1"
    assert (await bonus.ask(CHECKOUT, "PUT", path, body)).status_code == 200
    await bonus.deliver(placed("o2", reward=rewarded("o2"), at=long_ago), "2")
    before = await asked(bonus, "", day="2026-03-20")
    then = await asked(bonus, "", day="2026-03-21")
    assert (before["active_points"], before["held_points"]) == (90, 0)
    assert (then["active_points"], then["held_points"], then["points"]) == (40, 0, 40)


async def test_expiring_points_are_told_on_their_last_day() -> None:
    """N-10, Q10: they count on it, and no more on the next."""
    bonus = Bonus()
    await bonus.set_up()
    bonus.now = MARCH_1 - timedelta(hours=2)
    await bonus.ask(STAFF, "PUT", PROGRAMME, {**TERMS, "expires_after_months": 1})
    bonus.now = APRIL_1
    await bonus.deliver(placed("o1", line(9_000), at=MARCH_1), "1")
    last = await asked(bonus, "", day="2026-04-14")
    assert (last["active_points"], last["expiring_points"]) == (90, 90)
    after = await asked(bonus, "", day="2026-04-15")
    assert (after["active_points"], after["expiring_points"], after["points"]) == (0, 0, 0)


async def test_days_are_a_list_in_pages_and_files(bonus: Bonus) -> None:
    """N-10"""
    span = {"day_from": "2026-04-12", "day_until": "2026-04-17"}
    first = await asked(bonus, "/days", **span, limit="4")
    rest = await asked(bonus, "/days", **span, limit="4", after=first["next"])
    days = [*first["items"], *rest["items"]]
    assert rest["next"] is None
    assert [row["day"] for row in days] == [f"2026-04-{day}" for day in range(12, 18)]
    assert [row["active_points"] for row in days] == [40, 40, 40, 100, 100, 100]
    down = await asked(bonus, "/days", **span, limit="4", sort="-day")
    more = await asked(bonus, "/days", **span, limit="4", sort="-day", after=down["next"])
    assert [*down["items"], *more["items"]] == days[::-1]
    of_customer = await asked(bonus, "/days", **span, customer="c1")
    assert [row["points"] for row in of_customer["items"]] == [150] * 6
    assert len((await asked(bonus, "/days", limit="500"))["items"]) == 121
    file = await bonus.ask(STAFF, "GET", f"{PATH}/days.csv", **span)
    assert "Punkte einlösbar" in file.text
    assert '"2026-04-12";"40";"60";"0";"50";"0";"150";"0";"0,40";"1,50"' in file.text
    book = await bonus.ask(STAFF, "GET", f"{PATH}/days.xlsx", **span)
    assert book.content.startswith(b"PK")


async def test_customers_add_up_to_the_dealer(bonus: Bonus) -> None:
    """N-10: per dealer and customer."""
    for number in range(1, 6):
        customer = "c2"
        order = placed(f"o9{number}", line(1_000), at=MARCH_1)
        changed = {"customer": customer, "user": f"v{number}"}
        await bonus.deliver(replace(order, **changed), f"9{number}")
    rows = (await asked(bonus, "/customers", day="2026-04-15"))["items"]
    assert [(row["customer"], row["points"]) for row in rows] == [("c1", 150), ("c2", 50)]
    first = await asked(bonus, "/customers", day="2026-04-15", limit="1")
    second = await asked(bonus, "/customers", day="2026-04-15", limit="1", after=first["next"])
    assert [*first["items"], *second["items"]] == rows
    assert second["next"] is None
    assert (await asked(bonus, "", day="2026-04-15"))["points"] == 200
    file = await bonus.ask(STAFF, "GET", f"{PATH}/customers.csv", day="2026-04-15")
    assert '"c2";"2026-04-15";"50"' in file.text


async def test_closing_is_previewed_by_day(bonus: Bonus) -> None:
    """N-10, BO-12, Q20: pending points mature in the run-off, which ends with the next year."""
    preview = await asked(bonus, "/closing")
    assert preview["run_off_until"] == "2027-12-31"
    assert preview["closes_on"] == "2028-01-01"
    assert (preview["redeemable_points"], preview["at_most_points"]) == (90, 150)
    assert preview["at_most_cents"] == 150
    assert preview["reward_cents"] == 1_500  # 50 points are exchanged for 5 €
    assert [(row["day"], row["redeemable_points"]) for row in preview["days"]] == [
        ("2026-04-01", 90),
        ("2026-04-15", 150),
    ]
    assert preview["sentence"] == (
        "Bei einer Deaktivierung am 01.04.2026 können bis zum 31.12.2027 höchstens 150 Punkte im"
        " Wert von 1,50 € eingelöst werden."
    )
    before = await asked(bonus, "/closing", day="2020-04-01")
    assert before["sentence"] == (
        "Bei einer Deaktivierung am 01.04.2020 sind keine Punkte mehr einzulösen."
    )
    await bonus.ask(STAFF, "POST", f"{PROGRAMME}/deactivation")
    again = await asked(bonus, "/closing", day="2027-05-01")
    assert again["run_off_until"] == "2027-12-31"  # as promised on deactivation
    last, over = await asked(bonus, "", day="2027-12-31"), await asked(bonus, "", day="2028-01-01")
    assert (last["value_cents"], over["value_cents"], over["points"]) == (150, 0, 150)


async def test_only_those_with_the_right_see_what_is_owed(bonus: Bonus) -> None:
    """BO-8, X-28: central staff see sums, not a dealer's customers."""
    for path in ("", "/days", "/customers", "/closing", "/days.csv"):
        for caller in (PLAIN, STRANGER):
            assert (await bonus.ask(caller, "GET", f"{PATH}{path}")).status_code == 403
    for path in ("/days", "/customers"):
        assert (await bonus.ask(CENTRAL, "GET", f"{PATH}{path}")).status_code == 403


async def test_spans_are_bounded(bonus: Bonus) -> None:
    for query, code in (
        ({"day_from": "1900-01-01", "day_until": "2200-12-31"}, "span-too-long"),
        ({"day_from": "1900-01-01"}, "span-too-long"),
    ):
        answer = await bonus.ask(STAFF, "GET", f"{PATH}/days", **query)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    for query in ({"day_from": "2026-05-01", "day_until": "2026-04-01"}, {"day_until": "x"}):
        assert (await bonus.ask(STAFF, "GET", f"{PATH}/days", **query)).status_code == 422
    assert (await asked(bonus, "", day="2200-12-31"))["points"] == 150
