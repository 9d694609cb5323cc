"""A campaign with a code for each use: generated in the background, listed, and used once."""

import asyncio
import csv
import io
from collections import Counter
from typing import Any

import httpx
import pytest

from vouchers.unique_code.batch_queue import CLAIM_TTL
from vouchers.unique_code.generation import CHUNK
from vouchers.unique_code.spelling import key_of
from vouchers.unique_code.worker import LostError
from zugabe_events.contracts.vouchers import (
    UniqueCodesGenerated,
    UniqueCodesRequested,
    UniqueCodeTaken,
    VoucherHeld,
    VoucherIssued,
)
from zugabe_testing.callers import problem_code

BATCHES = "/campaigns/spring/unique-code-batches"
CODES = "/campaigns/spring/unique-codes"


async def request(shop: Any, count: int = 3, batch: str = "b1") -> httpx.Response:
    answer: httpx.Response = await shop.ask("staff", "PUT", f"{BATCHES}/{batch}", {"count": count})
    return answer


async def codes_of(shop: Any, count: int = 3, **changes: Any) -> list[str]:
    """Run a campaign with unique codes, and have some generated."""
    await shop.run(code="FEST", unique_codes=True, **changes)
    assert (await request(shop, count)).status_code == 202
    await shop.generate()
    listed = await shop.ask("staff", "GET", f"{CODES}?limit=200")
    return [item["code"] for item in listed.json()["items"]]


def code_of(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    return str(answer.json()["code"])


async def test_codes_are_generated_in_the_background_with_progress(shop: Any) -> None:
    """X-5"""
    await shop.run(code="FEST", unique_codes=True)
    count = 2 * CHUNK + 7
    requested = await request(shop, count)
    expected = {
        "batch_id": "b1",
        "first": 1,
        "count": count,
        "generated": 0,
        "complete": False,
        "strength_bits": 40,
        "requested_at": "2026-05-04T12:00:00Z",
    }
    assert (requested.status_code, requested.json()) == (202, expected)
    await shop.generate()
    assert (await request(shop, count)).json() == {
        **expected,
        "generated": count,
        "complete": True,
    }
    assert (await shop.ask("staff", "GET", BATCHES)).json()["items"][0]["generated"] == count
    codes = shop.unique_codes.codes.values()
    assert sorted(code.number for code in codes) == list(range(1, count + 1))
    assert len({key_of(code.code) for code in codes}) == count
    assert len(shop.said(UniqueCodesGenerated)) == len(shop.said(UniqueCodesRequested)) == 1


async def test_no_event_has_a_code(shop: Any) -> None:
    """X-5: whoever reads the log cannot use one."""
    codes = await codes_of(shop)
    await shop.place("o1", await shop.hold("o1", codes=[codes[0]]))
    said = repr([commit.events for commit, _ in shop.store.commits]).casefold()
    assert "fest" in said
    assert not any(key_of(code)[4:] in said.replace("-", "") for code in codes)


async def test_a_batch_that_broke_off_goes_on_with_the_same_codes(
    shop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X-5: in another process, and nothing comes twice."""
    await shop.run(code="FEST", unique_codes=True)
    await request(shop, 3 * CHUNK)
    add = shop.unique_codes.add
    calls = 0

    async def dies(codes: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 2:
            await add(codes[: CHUNK // 2])
            raise LostError
        return await add(codes)

    monkeypatch.setattr(shop.unique_codes, "add", dies)
    await shop.generate()
    stored = dict(shop.unique_codes.codes)
    assert len(stored) == CHUNK + CHUNK // 2
    await shop.generate()
    assert len(shop.unique_codes.codes) == len(stored), "another process may still be at it"
    shop.now += CLAIM_TTL
    await shop.generate()
    assert stored.items() <= shop.unique_codes.codes.items()
    assert len(shop.unique_codes.codes) == 3 * CHUNK
    assert {batch.secret for batch in shop.code_batches.batches.values()} == {b""}


async def test_a_code_that_was_drawn_before_is_drawn_anew(shop: Any) -> None:
    """X-5"""
    await shop.run(code="FEST", unique_codes=True)
    await request(shop, 5)
    await shop.generate()
    [batch] = shop.code_batches.batches.values()
    first = next(iter(shop.unique_codes.codes.values()))
    await shop.run("summer", code="FE", unique_codes=True)
    refused = await shop.unique_codes.add(
        [type(first)("acme", "summer", "FE", 1, first.code.replace("FEST-", "FE-ST"))]
    )
    assert [code.number for code in refused] == [1]
    assert batch.done == 5


async def test_a_code_works_once_and_for_whoever_has_it(shop: Any) -> None:
    """X-5: it is found however it is typed, and comes back with its order."""
    one, other, _ = await codes_of(shop, max_per_user=2)
    held = await shop.hold("o1", codes=[one.replace("-", "").lower()])
    assert held.status_code == 200, held.text
    [voucher] = held.json()["vouchers"]
    assert voucher["code"] == "FEST"
    assert "unique-code/acme/spring/1" in voucher["streams"]
    assert code_of(await shop.hold("o2", user="bert", codes=[one])) == "code-used"
    assert (await shop.hold("o1", 2, codes=[one])).status_code == 200
    assert (await shop.hold("o2", user="bert", codes=[other])).status_code == 200
    await shop.place("o1", await shop.hold("o1", 2, codes=[one]))
    assert code_of(await shop.hold("o3", user="bert", codes=[one])) == "code-used"
    await shop.cancel("o1", "o1/2")
    await shop.deliver_own()
    assert (await shop.hold("o3", user="bert", codes=[one])).status_code == 200


async def test_a_late_return_of_an_older_attempt_frees_nothing(shop: Any) -> None:
    """X-1, X-5"""
    one, *_ = await codes_of(shop)
    await shop.hold("o1", codes=[one])
    await shop.hold("o1", 2, codes=[one])
    await shop.deliver_own()
    assert code_of(await shop.hold("o2", user="bert", codes=[one])) == "code-used"
    assert [event.hold_id for event in shop.said(UniqueCodeTaken)] == ["o1/1", "o1/2"]


async def test_of_buyers_at_the_same_moment_one_gets_the_code(shop: Any) -> None:
    """X-5, N-2"""
    one, *_ = await codes_of(shop, max_uses=100, budget_cents=100_000)
    answers = await asyncio.gather(
        *(shop.hold(f"o{number}", user=f"u{number}", codes=[one]) for number in range(12))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 11}
    assert len(shop.said(VoucherHeld)) == 1


async def test_what_they_begin_with_is_no_code(shop: Any) -> None:
    """X-5, X-29: nor is one with a letter changed; both count as guesses."""
    one, *_ = await codes_of(shop)
    wrong = one[:-1] + ("C" if one[-1] != "C" else "D")
    for number, code in enumerate(("FEST", wrong)):
        assert code_of(await shop.hold(f"o{number}", codes=[code])) == "code-unknown"


async def test_an_order_uses_one_code_of_a_campaign(shop: Any) -> None:
    """X-5, X-8"""
    one, other, _ = await codes_of(shop, combines=True)
    assert code_of(await shop.hold("o1", codes=[one, other])) == "code-of-same-campaign"


async def test_the_list_says_which_codes_are_used(shop: Any) -> None:
    """X-5: page by page, as CSV and as Excel."""
    codes = await codes_of(shop, 5)
    await shop.hold("o1", codes=[codes[1]])
    first = (await shop.ask("staff", "GET", f"{CODES}?limit=3")).json()
    rest = (await shop.ask("staff", "GET", f"{CODES}?limit=3&after={first['next']}")).json()
    items = first["items"] + rest["items"]
    assert [(item["number"], item["used"]) for item in items] == [
        (1, False),
        (2, True),
        (3, False),
        (4, False),
        (5, False),
    ]
    assert (items[1]["order_id"], items[1]["user"]) == ("o1", "anna")
    assert rest["next"] is None
    descending = (await shop.ask("staff", "GET", f"{CODES}?sort=-number&limit=2")).json()
    assert [item["number"] for item in descending["items"]] == [5, 4]
    export = await shop.ask("staff", "GET", f"{CODES}.csv")
    rows = list(csv.DictReader(io.StringIO(export.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Code"] for row in rows] == codes
    assert [row["Verwendet"] for row in rows] == ["nein", "ja", "nein", "nein", "nein"]
    assert (await shop.ask("staff", "GET", f"{CODES}.xlsx")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "codes-not-unique"),
        ({"unique_codes": True, "kind": "second-purchase"}, "codes-issued-singly"),
    ],
)
async def test_other_campaigns_have_no_codes_to_generate(
    shop: Any, changes: dict[str, Any], code: str
) -> None:
    """X-5"""
    await shop.run(**changes)
    assert problem_code(await request(shop), 409) == code


async def test_a_draft_and_an_ended_campaign_get_no_codes(shop: Any, new: Any) -> None:
    """X-5"""
    assert problem_code(await request(shop), 404) == "not-found"
    await shop.ask("staff", "PUT", "/campaigns/spring", new(unique_codes=True))
    assert problem_code(await request(shop), 409) == "campaign-not-active"
    await shop.ask("staff", "POST", "/campaigns/spring/activation")
    await shop.ask("staff", "POST", "/campaigns/spring/end", {"reason": ""})
    assert problem_code(await request(shop), 409) == "campaign-ended"


async def test_a_campaign_has_a_million_codes_at_most(shop: Any) -> None:
    """X-5"""
    await shop.run(code="FEST", unique_codes=True)
    assert (await request(shop, 1_000_001)).status_code == 422
    assert (await request(shop, 999_999)).status_code == 202
    assert problem_code(await request(shop, 2, "b2"), 409) == "codes-too-many"
    second = await request(shop, 1, "b2")
    assert (second.json()["first"], second.json()["strength_bits"]) == (1_000_000, 50)
    assert problem_code(await request(shop, 2, "b2"), 409) == "batch-exists"


async def test_a_dealer_has_a_limited_number_of_batches_at_a_time(shop: Any) -> None:
    """S12: else one of them keeps all others from getting their codes."""
    await shop.run(code="FEST", unique_codes=True)
    for number in range(20):
        assert (await request(shop, 1, f"b{number}")).status_code == 202
    assert problem_code(await request(shop, 1, "more"), 409) == "batches-too-many"
    assert (await request(shop, 1, "b3")).status_code == 202, "a repeat asks for nothing new"
    await shop.generate()
    assert (await request(shop, 1, "more")).status_code == 202


async def test_a_code_is_not_taken_over_by_another_user_with_an_order_of_its_id(shop: Any) -> None:
    """X-5, S20: but by a newer attempt of the one who holds it."""
    one, *_ = await codes_of(shop)
    assert (await shop.hold("o1", codes=[one])).status_code == 200
    for attempt in (1, 2):
        taken = await shop.hold("o1", attempt, user="bert", codes=[one])
        assert code_of(taken) == "code-used"
    assert (await shop.hold("o1", 2, codes=[one])).status_code == 200


async def test_a_unique_code_that_was_issued_is_the_users(shop: Any) -> None:
    """Q6: the shared part of it is no code, and a colleague cannot use it."""
    await shop.run(kind="second-purchase", code="DANKE", unique_codes=True, max_per_user=2)
    await shop.place("o1")
    await shop.place("b1", user="bert")
    await shop.deliver_own()
    code, of_bert = (event.code for event in shop.said(VoucherIssued))
    assert code != of_bert
    assert code_of(await shop.hold("o2", codes=["DANKE"])) == "code-unknown"
    assert code_of(await shop.hold("b2", user="bert", codes=[code])) == "code-unknown"
    assert (await shop.hold("o2", codes=[code])).status_code == 200
    assert (await shop.hold("b2", user="bert", codes=[of_bert])).status_code == 200


async def test_right_after_an_order_no_further_use_of_a_code_is_promised(shop: Any) -> None:
    """X-5, VO-35: but for one that the user was issued."""
    one, *_ = await codes_of(shop, max_per_user=5)
    await shop.place("o1", await shop.hold("o1", codes=[one]))
    told = await shop.ask("anna", "GET", "/users/anna/order-vouchers/o1")
    assert told.json()["remaining"] == []


async def test_a_central_code_works_once_over_all_dealers(shop: Any) -> None:
    """X-5, X-28, VO-24: central marketing sees that it is used, and not by whom."""
    await shop.run_central(unique_codes=True)
    shop.order_module("other")
    for who, dealer in (("staff", "acme"), ("other-staff", "other")):
        assert (await shop.join(who=who, dealer=dealer)).is_success
    path = "/campaigns/central-spring/unique-code-batches/b1"
    requested = await shop.ask("central", "PUT", path, {"count": 2}, dealer="central")
    assert requested.status_code == 202, requested.text
    await shop.generate()
    path = "/campaigns/central-spring/unique-codes"
    assert (await shop.ask("staff", "GET", path, dealer="central")).status_code == 403
    items = (await shop.ask("central", "GET", path, dealer="central")).json()["items"]
    code = items[0]["code"]
    assert code.startswith("2026A-")
    held = await shop.hold("o1", codes=[code])
    assert held.status_code == 200, held.text
    elsewhere = await shop.hold("o1", codes=[code], dealer="other")
    assert code_of(elsewhere) == "code-used", "another order, although its id is the same"
    [first, second] = (await shop.ask("central", "GET", path, dealer="central")).json()["items"]
    assert (first["used"], first["order_id"], first["user"]) == (True, None, None)
    assert not second["used"]
    await shop.take_off("o1")
    await shop.deliver_own()
    assert (await shop.hold("o1", codes=[code], dealer="other")).status_code == 200


async def test_codes_are_shown_to_those_only_who_edit_the_campaign(shop: Any) -> None:
    """X-5, X-16: central marketing sees the campaign of a dealer, and not its codes."""
    await codes_of(shop)
    for who in ("central", "anna", "checkout", "other-staff"):
        for path in (CODES, f"{CODES}.csv", BATCHES):
            assert (await shop.ask(who, "GET", path)).status_code == 403
