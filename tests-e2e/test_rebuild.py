"""Every read model, rebuilt from the log, equals the live one."""

from stories.commands import zugabe_says
from stories.dealer import Dealer, cart, line
from stories.read_models import MODELS, rebuild
from stories.rush import Rush

from zugabe.supervisor import Stack


async def test_rebuilt_equals_live_and_goes_on_from_there(zugabe: Stack, dealer: Dealer) -> None:
    """N-7, N-9: by canonical hash, over all that happened so far; then the new build serves."""
    rush = Rush(dealer)
    async with rush.under_way():
        pass
    await rush.holds()

    for service, models in MODELS.items():
        await rebuild(zugabe, service, models)
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
    """N-9: nothing is missed or doubled, and everybody sees what they did all the while."""
    rush = Rush(dealer)
    async with rush.under_way(1):
        for service, model in (("checkout", "checkout.buyers"), ("vouchers", "vouchers.issued")):
            await zugabe_says(zugabe, "rebuild", service, model)
            listed = (await zugabe_says(zugabe, "read-models", service, "list")).splitlines()
            [serving] = [one for one in listed if one.startswith(model) and " serves: " in one]
            green = serving.removeprefix(f"{model}.").split()[0]
            [blue, *_] = [
                one.removeprefix(f"{model}.").split()[0]
                for one in listed
                if one.startswith(model) and " is kept: " in one
            ]
            for build in (blue, green):
                told = await zugabe_says(zugabe, "read-models", service, "switch", model, build)
                assert told.startswith(f"{model}.{build} serves instead of ")
            await zugabe_says(zugabe, "read-models", service, "remove", model, blue, "--yes")
            listed = (await zugabe_says(zugabe, "read-models", service, "list")).splitlines()
            assert blue not in " ".join(one for one in listed if one.startswith(model))
    await rush.holds()
