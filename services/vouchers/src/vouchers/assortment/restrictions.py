"""The restrictions of campaigns, with the articles of their lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.catalogue import Catalogue
from vouchers.assortment.restriction import Restriction, check_assortment
from vouchers.campaign.decider import InForce
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Restrictions:
    """`owner` is the tenant of the campaign, which is `central` for a central one."""

    lists: ArticleLists
    catalogue: Catalogue

    async def of(self, owner: str, terms: CampaignTerms) -> Restriction | None:
        """None: the campaign applies to the whole assortment (VO-43)."""
        if (to := terms.assortment) is None:
            return None
        if to.article_list is None:
            return Restriction(to, names=await self.catalogue.names(owner, to))
        return Restriction(to, await self.lists.articles(owner, to.article_list))

    async def of_all(self, campaigns: Mapping[str, InForce]) -> Mapping[str, Restriction]:
        """The restrictions of campaigns that have one, by code."""
        found = {
            code: await self.of(campaign.dealer, campaign.terms)
            for code, campaign in campaigns.items()
        }
        return {code: restriction for code, restriction in found.items() if restriction}

    async def check(self, owner: str, terms: CampaignTerms) -> None:
        """Raise InvalidError for an impossible assortment, or a list that does not exist."""
        if (to := terms.assortment) is None:
            return
        check_assortment(to)
        if to.article_list is None:
            return
        if not await self.lists.articles(owner, to.article_list):
            raise InvalidError(
                "Diese Liste von Artikeln gibt es nicht.", code="article-list-unknown"
            )

    async def warnings(self, owner: str, terms: CampaignTerms) -> list[str]:
        """What the owner's catalogue does not know of the assortment, in German."""
        return await self.catalogue.warnings(owner, terms.assortment) if terms.assortment else []
