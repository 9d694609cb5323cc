"""Every read model, built anew from the log, equals the one that grew with it."""

import asyncio
import os
import re
import sys

from dealer import Dealer, cart, line
from eventually import eventually
from rush import Rush

from zugabe.supervisor import Stack

MODELS = {
    "checkout": {"checkout.orders", "checkout.buyers"},
    "vouchers": {"vouchers.campaigns", "vouchers.issued", "vouchers.redeemed"},
    "bonus": {"bonus.accounts", "bonus.programmes"},
}


async def test_rebuilt_equals_live_and_goes_on_from_there(zugabe: Stack, dealer: Dealer) -> None:
    """N-7, N-9: by canonical hash, over all that happened so far; then the new build serves."""
    rush = Rush(dealer)
    async with rush.under_way():
        pass
    await rush.holds()

    for service, models in MODELS.items():
        await eventually(lambda s=service, m=models: rebuild(zugabe, s, m))  # type: ignore[misc]
    await rush.holds()

    late = dealer.user("late")
    await late.place("late-1", cart(line(1_000)))
    assert (await late.account())["points_accrued"] == 10
    assert len(await late.vouchers()) == 1
    buyer = (await late.ask("GET", "checkout", "/buyers/late")).of(200)
    assert buyer["orders"] == 1


async def rebuild(stack: Stack, service: str, models: set[str]) -> None:
    """As people do it, on the command line. What was not compared counts as not equal: the live
    one may still have been busy."""
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zugabe", "rebuild", service),
        env=os.environ | {"ZUGABE_HOME": str(stack.home.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await command.communicate()
    assert command.returncode == 0, (output, errors)
    told = output.decode().splitlines()
    assert {re.sub(r"\.v\d+\..*", "", one) for one in told} == models
    for one in told:
        assert "equal to" in one, one
