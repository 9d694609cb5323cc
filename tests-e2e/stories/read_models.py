"""The read models of every service, and their rebuild on the command line."""

import re
import time

from stories.commands import zugabe_says
from zugabe.supervisor import Stack

TIMEOUT_SECONDS = 300.0

MODELS = {
    "checkout": {
        "checkout.buyers",
        "checkout.carts",
        "checkout.catalogue",
        "checkout.orders",
        "checkout.submissions",
    },
    "catalog-shops": {
        "catalog-shops.agreed-prices",
        "catalog-shops.articles",
        "catalog-shops.assortments",
        "catalog-shops.banners",
        "catalog-shops.brands",
        "catalog-shops.customers",
        "catalog-shops.dealers",
        "catalog-shops.fronts",
        "catalog-shops.gifts",
        "catalog-shops.groups",
        "catalog-shops.imports",
        "catalog-shops.media-plan",
        "catalog-shops.own-gifts",
        "catalog-shops.placements",
        "catalog-shops.shops",
        "catalog-shops.unlockings",
    },
    "vouchers": {
        "vouchers.campaign-statistics",
        "vouchers.campaign-uses",
        "vouchers.campaigns",
        "vouchers.catalogue",
        "vouchers.dealer-statistics",
        "vouchers.dealers",
        "vouchers.issued",
        "vouchers.orderers",
        "vouchers.participations",
        "vouchers.past-orders",
        "vouchers.redeemed",
        "vouchers.revenue",
        "vouchers.shipping",
        "vouchers.unique-code-uses",
        "vouchers.user-statistics",
    },
    "bonus": {
        "bonus.accounts",
        "bonus.customer-liability",
        "bonus.customers",
        "bonus.dealers",
        "bonus.graphics",
        "bonus.labels",
        "bonus.liability",
        "bonus.movements",
        "bonus.pools",
        "bonus.programmes",
        "bonus.texts",
    },
    "onboarding": {
        "onboarding.board",
        "onboarding.deliveries",
        "onboarding.documents",
        "onboarding.forms",
        "onboarding.lead-times",
        "onboarding.material-files",
        "onboarding.overview",
        "onboarding.product-types",
        "onboarding.reach",
        "onboarding.warehouses",
    },
}


async def rebuild(stack: Stack, service: str, models: set[str]) -> None:
    """Rebuild read models until each was equal once.

    One that was still busy is not compared, and is rebuilt again; one that differs ends the
    command with an error.
    """
    left, deadline, output = set(models), time.monotonic() + TIMEOUT_SECONDS, [""]
    while left:
        assert time.monotonic() < deadline, output
        output = (await zugabe_says(stack, "rebuild", service, *sorted(left))).splitlines()
        assert {re.sub(r"\.v\d+\..*", "", line) for line in output} == left
        left -= {line.partition(".v")[0] for line in output if "equal to" in line}
