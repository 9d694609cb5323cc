"""Report of the read models after the import, read over HTTP page by page."""

import csv
import json
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import Any

from zugabe.demo.client import Client

COUNTS = (
    "orders",
    "users",
    "goods_cents",
    "net_cents",
    "vouchers_issued",
    "vouchers_redeemed",
    "vouchers_refused_minimum",
    "voucher_discount_cents",
    "rewards_redeemed",
    "reward_discount_cents",
    "points_accrued",
    "points_redeemed",
)


async def write_report(staff: Client, tokens: Iterable[str], folder: Path) -> dict[str, int]:
    """Write summary.json, accounts.csv and vouchers.csv, with one row in memory at a time."""
    summary = dict.fromkeys(COUNTS, 0)
    await _accounts(staff, tokens, folder / "accounts.csv", summary)
    await _vouchers(staff, tokens, folder / "vouchers.csv", summary)
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    return summary


async def _accounts(
    staff: Client, tokens: Iterable[str], path: Path, summary: dict[str, int]
) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "orders", "points_accrued", "points_redeemed"])
        accounts = staff.pages("bonus", "/accounts", tokens)
        account = await anext(accounts, None)
        async for buyer in staff.pages("checkout", "/buyers", tokens):
            accrued = redeemed = 0
            while account is not None and account["user"] < buyer["user"]:
                account = await anext(accounts, None)
            if account is not None and account["user"] == buyer["user"]:
                accrued, redeemed = account["points_accrued"], account["points_redeemed"]
            rows.writerow([buyer["user"], buyer["orders"], accrued, redeemed])
            _add_buyer(summary, buyer)
            summary["points_accrued"] += accrued
            summary["points_redeemed"] += redeemed


def _add_buyer(summary: dict[str, int], buyer: dict[str, Any]) -> None:
    summary["users"] += 1
    summary["vouchers_refused_minimum"] += buyer["refusals"].get("minimum-not-reached", 0)
    for name in (
        "orders",
        "goods_cents",
        "net_cents",
        "voucher_discount_cents",
        "rewards_redeemed",
        "reward_discount_cents",
    ):
        summary[name] += buyer[name]


async def _vouchers(
    staff: Client, tokens: Iterable[str], path: Path, summary: dict[str, int]
) -> None:
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "code", "status"])
        vouchers: AsyncGenerator[dict[str, Any]] = staff.pages("vouchers", "/vouchers", tokens)
        async for voucher in vouchers:
            rows.writerow([voucher["user"], voucher["code"], voucher["status"]])
            summary["vouchers_issued"] += 1
            summary["vouchers_redeemed"] += voucher["status"] == "redeemed"
