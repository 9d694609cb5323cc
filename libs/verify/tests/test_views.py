"""Documents of read models are falsified one at a time (N-7)."""

import pytest
from verify_tests.audited import PREFIX, Audited
from verify_tests.world import Document, World

from zugabe_verify.verify import verify

DOCUMENTS = [
    ("vouchers", "vouchers.issued.v1.1", "musikhaus/zweitkauf/a-1", "redeemed"),
    ("vouchers", "vouchers.redeemed.v1.1", "musikhaus/a-3/1", "discount_cents"),
    ("vouchers", "vouchers.campaigns.v1.1", "musikhaus/sommer", "max_uses"),
    ("bonus", "bonus.accounts.v1.1", "musikhaus/anna", "points_accrued"),
    ("bonus", "bonus.accounts.v1.1", "musikhaus/anna", "older_points"),
    ("bonus", "bonus.programmes.v1.1", "musikhaus", "version"),
    ("checkout", "checkout.orders.v3.1", "musikhaus/a-3", "net_cents"),
    ("checkout", "checkout.buyers.v1.1", "musikhaus/anna", "goods_cents"),
]


def document(world: World, service: str, collection: str, key: str) -> Document:
    return world.collections[service, collection][repr(key)]


@pytest.mark.parametrize(("service", "collection", "key", "field"), DOCUMENTS)
async def test_a_document_that_says_something_else(
    audited: Audited, world: World, service: str, collection: str, key: str, field: str
) -> None:
    document(world, service, collection, key)[field] += 1
    await names(audited, world, ("view-differs", service, f"{collection} {key}"))


@pytest.mark.parametrize(
    ("service", "collection", "key"), sorted({fields[:3] for fields in DOCUMENTS})
)
async def test_a_document_that_is_missing(
    audited: Audited, world: World, service: str, collection: str, key: str
) -> None:
    world.drop(service, collection, document(world, service, collection, key))
    await names(audited, world, ("view-missing", service, f"{collection} {key}"))


async def test_a_document_that_no_event_made(audited: Audited, world: World) -> None:
    order = document(world, "checkout", "checkout.orders.v3.1", "musikhaus/a-1")
    world.add("checkout", "checkout.orders.v3.1", order | {"_id": "musikhaus/a-99"})
    where = "checkout.orders.v3.1 musikhaus/a-99"
    await names(audited, world, ("view-foreign", "checkout", where))


async def test_a_document_that_lacks_the_last_of_its_events(audited: Audited, world: World) -> None:
    stale = document(world, "vouchers", "vouchers.redeemed.v1.1", "musikhaus/b-2/1")
    commit, _ = world.commit("vouchers", "voucher-redeemed", order_id="b-2")
    run, at = world.run_of("vouchers", commit)
    first = run["_id"]["pos"] + sum(entry["n"] for entry in run["commits"][:at])
    index = [event["name"] for event in commit["events"]].index("voucher-redeemed")
    stale |= {"returned": False, "seen": {f"vouchers:any:{commit['part']}": first + index}}
    where = "vouchers.redeemed.v1.1 musikhaus/b-2/1"
    await names(audited, world, ("view-stale", "vouchers", where))


async def test_a_build_that_does_not_serve_is_not_looked_at(audited: Audited, world: World) -> None:
    second = {"_id": "checkout.orders.v3", "serving": 2, "highest": 2}
    world.add("checkout", "readmodels", second)
    world.collections["checkout", "checkout.orders.v3.1"].clear()
    world.write(audited.client, PREFIX, audited.world)
    found = await verify(audited.mongo, services=[], business=True, prefix=PREFIX)
    assert found == [], "its positions say that nothing was projected into build 2 yet"


async def names(audited: Audited, world: World, expected: tuple[str, str, str]) -> None:
    world.write(audited.client, PREFIX, audited.world)
    found = await verify(audited.mongo, services=[], business=True, prefix=PREFIX)
    assert [(finding.kind, finding.service, finding.where) for finding in found] == [expected], (
        found
    )
