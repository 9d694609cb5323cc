"""X-18: a dealer exports their orders as a file, from the real services."""

from stories.dealer import Dealer, cart, line
from stories.exports import csv_rows, xlsx_rows

from zugabe_testing.eventually import eventually


async def test_a_dealer_takes_his_orders_with_him(dealer: Dealer) -> None:
    anna, berta = dealer.user("anna"), dealer.user("berta")
    for number, user in enumerate((anna, berta, anna)):
        await user.place(f"t-{number}", cart(line(1_005 + 3_000 * (number % 2))))

    async def listed() -> list[dict[str, str]]:
        rows = await csv_rows(dealer.staff, "checkout", "/orders.csv?sort=net_cents")
        assert len(rows) == 3
        return rows

    rows = await eventually(listed)
    assert [row["Netto (EUR)"] for row in rows] == ["10,05", "10,05", "40,05"]
    assert [row["Bestell-ID"] for row in rows] == ["t-0", "t-2", "t-1"]
    assert {row["E-Mail"] for row in rows[:2]} == {f"anna@{dealer.name}.test"}

    [told] = await xlsx_rows(dealer.staff, "checkout", "/orders.xlsx?user=berta")
    assert (told["Benutzer"], told["Netto (EUR)"]) == ("berta", 40.05)
    assert told["E-Mail"] == f"berta@{dealer.name}.test"
