"""Documents of read models are falsified one at a time (N-7)."""

import re

import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import Document, World

from zugabe_verify.verify import verify

DOCUMENTS = [
    ("vouchers.issued", "musikhaus/zweitkauf/a-1", "redeemed"),
    ("vouchers.redeemed", "musikhaus/a-3/1", "discount_cents"),
    ("vouchers.campaigns", "musikhaus/sommer", "max_uses"),
    ("bonus.accounts", "musikhaus/anna", "points_accrued"),
    ("bonus.accounts", "musikhaus/anna", "older_points"),
    ("bonus.programmes", "musikhaus", "version"),
    ("checkout.orders", "musikhaus/a-3", "net_cents"),
    ("checkout.buyers", "musikhaus/anna", "goods_cents"),
]


def build_of(world: World, model: str) -> tuple[str, str]:
    """The service, and the collection of the build that serves."""
    service = model.partition(".")[0]
    [build] = [
        name
        for of, name in world.collections
        if of == service and re.fullmatch(rf"{re.escape(model)}[.]v\d+[.]1", name)
    ]
    return service, build


def document(world: World, model: str, key: str) -> Document:
    return world.collections[build_of(world, model)][repr(key)]


@pytest.mark.parametrize(("model", "key", "field"), DOCUMENTS)
async def test_a_document_that_says_something_else(
    audited: Audited, world: World, model: str, key: str, field: str
) -> None:
    document(world, model, key)[field] += 1
    service, build = build_of(world, model)
    await names(audited, world, ("view-differs", service, f"{build} {key}"))


async def test_a_day_of_a_user_that_is_worth_something_else(audited: Audited, world: World) -> None:
    """VO-42: computed from the orders by code that the service does not share."""
    service, build = build_of(world, "vouchers.revenue")
    revenue = next(iter(world.collections[service, build].values()))
    day = min(revenue["days"])
    revenue["days"][day] += 1
    await names(audited, world, ("view-differs", service, f"{build} {revenue['_id']}"))


async def test_a_day_on_which_a_dealer_owes_something_else(audited: Audited, world: World) -> None:
    """N-10: added up from the events by code that the service does not share."""
    service, build = build_of(world, "bonus.liability")
    month = next(month for month in world.collections[service, build].values() if month["days"])
    month["days"][0]["active"] += 1
    await names(audited, world, ("view-differs", service, f"{build} {month['_id']}"))


async def test_a_month_of_a_dealer_that_is_missing(audited: Audited, world: World) -> None:
    """N-10"""
    service, build = build_of(world, "bonus.liability")
    month = next(month for month in world.collections[service, build].values() if month["days"])
    world.drop(service, build, month)
    await names(audited, world, ("view-missing", service, f"{build} {month['_id']}"))


@pytest.mark.parametrize(("model", "key"), sorted({fields[:2] for fields in DOCUMENTS}))
async def test_a_document_that_is_missing(
    audited: Audited, world: World, model: str, key: str
) -> None:
    service, build = build_of(world, model)
    world.drop(service, build, document(world, model, key))
    await names(audited, world, ("view-missing", service, f"{build} {key}"))


async def test_a_document_that_no_event_made(audited: Audited, world: World) -> None:
    order = document(world, "checkout.orders", "musikhaus/a-1")
    service, build = build_of(world, "checkout.orders")
    world.add(service, build, order | {"_id": "musikhaus/a-99"})
    await names(audited, world, ("view-foreign", "checkout", f"{build} musikhaus/a-99"))


async def test_a_document_that_lacks_the_last_of_its_events(audited: Audited, world: World) -> None:
    stale = document(world, "vouchers.redeemed", "musikhaus/b-2/1")
    commit, _ = world.commit("vouchers", "voucher-redeemed", order_id="b-2")
    run, at = world.run_of("vouchers", commit)
    first = run["_id"]["pos"] + sum(entry["n"] for entry in run["commits"][:at])
    index = [event["name"] for event in commit["events"]].index("voucher-redeemed")
    stale |= {"returned": False, "seen": {f"vouchers:any:{commit['part']}": first + index}}
    where = f"{build_of(world, 'vouchers.redeemed')[1]} musikhaus/b-2/1"
    await names(audited, world, ("view-stale", "vouchers", where))


async def test_a_build_that_does_not_serve_is_not_looked_at(audited: Audited, world: World) -> None:
    service, build = build_of(world, "checkout.orders")
    second = {"_id": build.removesuffix(".1"), "serving": 2, "highest": 2}
    world.add(service, "readmodels", second)
    world.collections[service, build].clear()
    world.write(audited.client, PREFIX, audited.world)
    found = await verify(audited.mongo, services=[], business=True, prefix=PREFIX)
    assert found == [], "its positions say that nothing was projected into build 2 yet"


async def names(audited: Audited, world: World, expected: tuple[str, str, str]) -> None:
    world.write(audited.client, PREFIX, audited.world)
    found = await verify(audited.mongo, services=[], business=True, prefix=PREFIX)
    assert [(finding.kind, finding.service, finding.where) for finding in found] == [expected], (
        found
    )
