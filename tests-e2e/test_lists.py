"""X-18: a dealer exports their orders as a file, from the real services."""

import csv
from io import BytesIO, StringIO

import httpx
from openpyxl import load_workbook
from stories.dealer import Dealer, Person, cart, line

from zugabe_testing.eventually import eventually


async def file(staff: Person, path: str) -> httpx.Response:
    """Whole: a body that breaks off raises."""
    async with httpx.AsyncClient(timeout=60) as http:
        headers = {"Authorization": f"Bearer {staff.bearer}"}
        answer = await http.get(staff.url("checkout", path), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def test_a_dealer_takes_his_orders_with_him(dealer: Dealer) -> None:
    anna, berta = dealer.user("anna"), dealer.user("berta")
    for number, user in enumerate((anna, berta, anna)):
        await user.place(f"t-{number}", cart(line(1_005 + 3_000 * (number % 2))))

    async def listed() -> list[dict[str, str]]:
        text = (await file(dealer.staff, "/orders.csv?sort=net_cents")).content.decode("utf-8-sig")
        rows = list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))
        assert len(rows) == 3
        return rows

    rows = await eventually(listed)
    assert [row["Netto (EUR)"] for row in rows] == ["10,05", "10,05", "40,05"]
    assert [row["Bestell-ID"] for row in rows] == ["t-0", "t-2", "t-1"]
    assert {row["E-Mail"] for row in rows[:2]} == {f"anna@{dealer.name}.test"}

    raw = (await file(dealer.staff, "/orders.xlsx?user=berta")).content
    titles, only = load_workbook(BytesIO(raw)).worksheets[0].iter_rows(values_only=True)
    told = dict(zip(titles, only, strict=True))
    assert (told["Benutzer"], told["Netto (EUR)"]) == ("berta", 40.05)
    assert told["E-Mail"] == f"berta@{dealer.name}.test"
