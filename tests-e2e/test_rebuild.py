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
    "onboarding": {
        "onboarding.board",
        "onboarding.deliveries",
        "onboarding.forms",
        "onboarding.lead-times",
        "onboarding.overview",
        "onboarding.product-types",
        "onboarding.reach",
        "onboarding.warehouses",
    },
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


async def test_builds_are_switched_back_and_forth_while_people_order(
    zugabe: Stack, dealer: Dealer
) -> None:
    """N-9: nothing is missed or doubled, and everybody sees what he did all the while."""
    rush = Rush(dealer)
    async with rush.under_way(1):
        for service, model in (("checkout", "checkout.buyers"), ("vouchers", "vouchers.issued")):
            await command(zugabe, "rebuild", service, model)
            listed = await command(zugabe, "read-models", service, "list")
            [serving] = [one for one in listed if one.startswith(model) and " serves: " in one]
            green = serving.removeprefix(f"{model}.").split()[0]
            [blue, *_] = [
                one.removeprefix(f"{model}.").split()[0]
                for one in listed
                if one.startswith(model) and " is kept: " in one
            ]
            for build in (blue, green):
                [told] = await command(zugabe, "read-models", service, "switch", model, build)
                assert told.startswith(f"{model}.{build} serves instead of ")
            await command(zugabe, "read-models", service, "remove", model, blue)
            assert blue not in " ".join(
                one for one in await command(zugabe, "read-models", service, "list")
                if one.startswith(model)
            )  # fmt: skip
    await rush.holds()


async def rebuild(stack: Stack, service: str, models: set[str]) -> None:
    """What was not compared counts as not equal: the live one may still have been busy."""
    told = await command(stack, "rebuild", service)
    assert {re.sub(r"\.v\d+\..*", "", one) for one in told} == models
    for one in told:
        assert "equal to" in one, one


async def command(stack: Stack, *words: str) -> list[str]:
    """As people do it; the lines that it prints."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zugabe", *words),
        env=os.environ | {"ZUGABE_HOME": str(stack.home.path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await running.communicate()
    assert running.returncode == 0, (output, errors)
    return output.decode().splitlines()
