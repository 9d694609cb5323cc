"""Used codes of the system before: the numbers that limits count, by user, customer and in all."""

from collections import Counter
from collections.abc import Sequence

from vouchers.limit.decider import ImportSharedUses, Limit, limit_history
from vouchers.migration.campaigns import Campaigns
from vouchers.migration.rows import UsesRow
from vouchers.wallet.decider import wallet_history
from vouchers.wallet.past import ImportUses
from zugabe_events.http.import_commands import Imported
from zugabe_events.tables.table import RowError


async def imported_uses(
    rows: Sequence[UsesRow],
    import_id: str,
    campaigns: Campaigns,
    wrong: list[RowError],
) -> list[Imported]:
    """One command for each number that the rows add up to.

    The shared limits count them even if the campaign has none yet: its later versions may not add
    any, but what is counted is true in any case.
    """
    dealer = campaigns.dealer
    by_user: Counter[tuple[str, str]] = Counter()
    customers: dict[str, str] = {}
    shared: Counter[Limit] = Counter()
    for row in rows:
        campaign = await campaigns.active(row.line, row.code, wrong)
        if campaign is None:
            continue
        campaign_id = campaign.campaign_id
        if row.user is not None:
            by_user[campaign_id, row.user] += row.uses
            customers[row.user] = row.customer
        shared[Limit(dealer, campaign_id, "customer", row.customer)] += row.uses
        shared[Limit(dealer, campaign_id, "campaign", None)] += row.uses
    return [
        *(
            Imported(
                wallet_history(dealer, user),
                ImportUses(import_id, dealer, campaign_id, customers[user], user, uses),
            )
            for (campaign_id, user), uses in by_user.items()
        ),
        *(
            Imported(limit_history(limit), ImportSharedUses(limit, import_id, uses))
            for limit, uses in shared.items()
        ),
    ]
