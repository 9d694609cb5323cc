"""The restrictions of campaigns, with the articles of their lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.restriction import Restriction
from vouchers.campaign.decider import InForce
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Restrictions:
    """`owner` is the tenant of the campaign, which is `central` for a central one."""

    lists: ArticleLists

    async def of(self, owner: str, terms: CampaignTerms) -> Restriction | None:
        """None: the campaign applies to the whole assortment (VO-43)."""
        if (to := terms.assortment) is None:
            return None
        if to.article_list is None:
            return Restriction(to)
        return Restriction(to, await self.lists.articles(owner, to.article_list))

    async def of_all(self, campaigns: Mapping[str, InForce]) -> Mapping[str, Restriction]:
        """The restrictions of campaigns that have one, by code."""
        found = {
            code: await self.of(campaign.dealer, campaign.terms)
            for code, campaign in campaigns.items()
        }
        return {code: restriction for code, restriction in found.items() if restriction}

    async def check(self, owner: str, terms: CampaignTerms) -> None:
        """Raise InvalidError if the terms name a list that the owner does not have."""
        to = terms.assortment
        if to is None or to.article_list is None:
            return
        if not await self.lists.articles(owner, to.article_list):
            raise InvalidError(
                "Diese Liste von Artikeln gibt es nicht.", code="article-list-unknown"
            )
