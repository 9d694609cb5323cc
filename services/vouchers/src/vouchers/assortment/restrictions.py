"""The restrictions of campaigns, with the articles of their lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vouchers.assortment.article_lists import ArticleLists
from vouchers.assortment.catalogue import Catalogue
from vouchers.assortment.restriction import Restriction, check_assortment
from vouchers.campaign.decider import InForce
from zugabe_events.contracts.vouchers import Assortment, CampaignTerms
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_numbers import thousands


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
        """Parts of the assortment that the owner's catalogue does not know, in German."""
        return await self.catalogue.warnings(owner, terms.assortment) if terms.assortment else []

    async def described(
        self, assortments: Sequence[tuple[str, Assortment | None]]
    ) -> Sequence[str]:
        """The goods that the assortments of owners apply to, in German and in their order."""
        given = [(owner, to or EVERYTHING) for owner, to in assortments]
        names = await self.catalogue.names_of_all(given)
        lists = [(owner, to.article_list) for owner, to in given if to.article_list is not None]
        counts = await self.lists.counts(lists)
        return [
            described(Restriction(to, names=of), counts.get((owner, to.article_list or "")))
            for (owner, to), of in zip(given, names, strict=True)
        ]


EVERYTHING = Assortment()


def described(restriction: Restriction, articles: int | None) -> str:
    """`articles` counts those of its list, if it has one."""
    if restriction.assortment == EVERYTHING:
        return "gesamtes Sortiment"
    if articles is None:
        return restriction.articles_named()
    return "1 Artikel" if articles == 1 else f"{thousands(articles)} Artikel"
