"""The articles that a voucher applies to (VO-19 to VO-22, VO-43, Q1)."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from unicodedata import normalize

from zugabe_events.contracts.vouchers import Assortment
from zugabe_events.domain.errors import InvalidError
from zugabe_events.domain.german_lists import of_brands, of_groups


@dataclass(frozen=True, slots=True)
class Goods:
    """An article as far as assortments can name it; `groups` are its own with those above them."""

    article: str = ""
    brand: str = ""
    groups: Set[str] = frozenset()
    media: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """Names of brands and product groups by id, as far as the catalogue has any."""

    brands: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restriction:
    """An assortment with the `articles` of its list, and the names of what it refers to by id."""

    assortment: Assortment
    articles: Set[str] = frozenset()
    names: Names = Names()

    def covers(self, goods: Goods) -> bool:
        """The article matches every part that is given (VO-20)."""
        to = self.assortment
        return (
            (not to.brands or goods.brand in to.brands)
            and (to.medium is None or to.medium in goods.media)
            and (not to.groups or not goods.groups.isdisjoint(to.groups))
            and (to.article_list is None or goods.article in self.articles)
        )

    def articles_named(self, adjective: str = "") -> str:
        """The articles in German, in the accusative; `adjective` has its ending and a blank."""
        to = self.assortment
        if to.article_list is not None:
            return f"ausgewählte {adjective}Artikel"
        parts = [f"{adjective}Artikel"]
        if to.brands:
            names = [self.names.brands.get(brand, brand) for brand in to.brands]
            parts.append(of_brands(names))
        if to.groups:
            names = [self.names.groups.get(group, group) for group in to.groups]
            parts.append(of_groups(names))
        if to.medium is not None:
            parts.append(f"im Werbemittel „{to.medium}“")
        return " ".join(parts)


def label(text: str) -> str:
    """The one spelling in which brands, groups and media are compared, also those of a caller."""
    return normalize("NFC", text).strip()


def check_assortment(assortment: Assortment) -> None:
    """Raise InvalidError for one that names nothing, or articles and something else (VO-43)."""
    others = assortment.brands or assortment.groups or assortment.medium is not None
    if assortment.article_list is not None and others:
        raise InvalidError(
            "Eine Liste von Artikeln lässt sich nicht mit Marken, Werbemittel und Warengruppen "
            "verbinden.",
            code="articles-not-alone",
        )
    if assortment.article_list is None and not others:
        raise InvalidError("Die Sortimentseinschränkung nennt nichts.", code="assortment-empty")
