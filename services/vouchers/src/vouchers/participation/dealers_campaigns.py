"""The campaigns of a dealer: their own, and the central ones that they joined (VO-2, VO-28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vouchers.campaign.owner import is_central
from vouchers.campaign.view import CampaignView, key_of
from vouchers.participation.central_campaigns import CentralCampaigns
from zugabe_events.domain.consistency_token import Token
from zugabe_events.domain.cursor import SortValue, decode_cursor, encode_cursor, invalid_cursor
from zugabe_events.domain.tenant import CENTRAL
from zugabe_events.domain.views import FilterValue, Page, meets


@dataclass(frozen=True, slots=True)
class DealersCampaigns:
    """Pages of the tab "Gutscheine": own campaigns, and central ones joined or left since.

    Besides filters of campaigns, a condition may have `owner` and `participation`.
    """

    central: CentralCampaigns

    async def caught_up(self, tokens: Sequence[Token]) -> None:
        await self.central.caught_up(tokens)

    async def get(self, dealer: str, campaign_id: str) -> CampaignView | None:
        """An own campaign, or a central one that the dealer takes or took part in."""
        if dealer == CENTRAL or not is_central(campaign_id):
            return await self.central.campaigns.get(key_of(dealer, campaign_id))
        row = await self.central.get(dealer, campaign_id)
        return row if row is not None and row.participation is not None else None

    async def page(
        self,
        where: Mapping[str, FilterValue],
        *,
        sort: str | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> Page[CampaignView]:
        """As `Views.page`. Central campaigns are few, so they are merged in memory."""
        condition = dict(where)
        owner, participation = condition.pop("owner", None), condition.pop("participation", None)
        order = Order(sort or "campaign_id")
        behind = None if after is None else decode_cursor(after, order.sort)
        rows: list[CampaignView] = []
        last_own: CampaignView | None = None
        if owner != "central" and participation is None:
            own = await self.central.campaigns.page(
                condition, sort=order.sort, after=after, limit=limit
            )
            rows = [*own.items]
            last_own = rows[-1] if own.next is not None else None
        dealer = condition.pop("dealer")
        if owner != "own" and dealer != CENTRAL:
            rows += [
                row
                for row in await self.central.joined(str(dealer))
                if fits(row, condition, participation) and order.is_behind(row, behind)
            ]
        rows.sort(key=order.rank, reverse=order.descends)
        if last_own is not None:  # own ones that come behind it are on the next page
            rows = rows[: rows.index(last_own) + 1]
        is_more = last_own is not None or len(rows) > limit
        rows = rows[:limit]
        return Page(rows, order.cursor(rows[-1]) if is_more else None)


def fits(
    row: CampaignView, condition: Mapping[str, FilterValue], participation: FilterValue
) -> bool:
    """A row of a joined campaign as a condition for the views says."""
    if participation is not None and (
        row.participation is None or row.participation.status != participation
    ):
        return False
    return all(meets(getattr(row, field), wanted) for field, wanted in condition.items())


@dataclass(frozen=True, slots=True)
class Order:
    """Order of campaigns by a field, then by key, as views have it."""

    sort: str

    @property
    def descends(self) -> bool:
        return self.sort.startswith("-")

    def value(self, row: CampaignView) -> Any:
        return getattr(row, self.sort.removeprefix("-"))

    def rank(self, row: CampaignView) -> tuple[Any, str]:
        return self.value(row), key_of(row.dealer, row.campaign_id)

    def cursor(self, row: CampaignView) -> str:
        value, key = self.rank(row)
        return encode_cursor(value, key, self.sort)

    def is_behind(self, row: CampaignView, last: tuple[SortValue, str] | None) -> bool:
        """Raises InvalidError for a value of another type."""
        if last is None:
            return True
        try:
            return self.rank(row) < last if self.descends else self.rank(row) > last
        except TypeError as error:
            raise invalid_cursor() from error
