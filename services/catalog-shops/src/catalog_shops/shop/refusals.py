"""Refusals about shops."""

from collections.abc import Mapping

from zugabe_events.contracts.catalog_shops import GraphicPlace, ShopKind
from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError

NOUNS: Mapping[ShopKind, str] = {"brand": "Markenshop", "theme": "Themenshop"}


class ShopNotFoundError(NotFoundError):
    code = "shop-not-found"

    def __init__(self, kind: ShopKind, shop: str | None = None) -> None:
        """`shop` is the id of one of many that were asked for."""
        facts = {"shop": shop} if shop else {}
        super().__init__(f"Diesen {NOUNS[kind]} gibt es nicht.", **facts)


class ShopDeletedError(RefusedError):
    """The id stands for a shop that was deleted."""

    code = "shop-deleted"

    def __init__(self, kind: ShopKind) -> None:
        super().__init__(f"Unter dieser Kennung wurde ein {NOUNS[kind]} gelöscht.")


class OverviewIdError(InvalidError):
    """The id stands for the overview of all shops."""

    code = "shop-id-reserved"

    def __init__(self) -> None:
        super().__init__("Diese Kennung ist für die Übersicht aller Shops vorgesehen.")


class AssortmentMissingError(RefusedError):
    """Top articles are chosen from an assortment (CS-31)."""

    code = "assortment-missing"

    def __init__(self) -> None:
        super().__init__("Bitte hinterlegen Sie zuerst das Sortiment des Shops.")


class NotInAssortmentError(RefusedError):
    code = "article-not-in-assortment"

    def __init__(self, number: str) -> None:
        super().__init__("Dieser Artikel ist nicht im Sortiment des Shops.", number=number)


class HeadMissingError(RefusedError):
    """The main data come first (CS-22)."""

    code = "head-missing"

    def __init__(self) -> None:
        super().__init__("Die Kopfdaten des Shops sind noch nicht gespeichert.")


class AssortmentByBrandError(RefusedError):
    """The brand fills the assortment (CS-17)."""

    code = "assortment-by-brand"

    def __init__(self) -> None:
        super().__init__(
            "Das Sortiment dieses Shops ergibt sich aus seiner Marke. Zum Einlesen wählen Sie in "
            "den Kopfdaten „Sortiment manuell einspielen“."
        )


class HeadIncompleteError(RefusedError):
    """A theme shop needs its text before its assortment (CS-39)."""

    code = "text-missing"

    def __init__(self) -> None:
        super().__init__("Bitte tragen Sie in den Kopfdaten zuerst den Langtext ein.")


class ArticleUnknownError(NotFoundError):
    """Not listed, or a gift, which is not sold."""

    code = "article-not-found"

    def __init__(self, number: str | None = None) -> None:
        facts = {"number": number} if number else {}
        super().__init__("Diesen Artikel gibt es im verkäuflichen Sortiment nicht.", **facts)


class TooManyTopArticlesError(RefusedError):
    code = "three-top-articles"

    def __init__(self) -> None:
        super().__init__(
            "Es sind schon drei Topartikel gepflegt. Bitte löschen Sie zuerst einen davon.", most=3
        )


class TopArticleMissingError(NotFoundError):
    code = "top-article-not-found"

    def __init__(self) -> None:
        super().__init__("Dieser Artikel ist kein Topartikel des Shops.")


class TopArticlesChangedError(RefusedError):
    """The top articles that are saved together differ from those that there are."""

    code = "top-articles-changed"

    def __init__(self) -> None:
        super().__init__(
            "Die Topartikel wurden inzwischen geändert. Bitte prüfen Sie den neuen Stand und "
            "speichern Sie dann erneut."
        )


GERMAN: Mapping[GraphicPlace, str] = {
    "logo": "Logo",
    "header-banner": "Header-Banner",
    "content-banner": "Content-Banner",
    "list-banner": "Listenbanner",
}


class PlaceUnknownError(InvalidError):
    code = "place-unknown"

    def __init__(self, place: GraphicPlace) -> None:
        super().__init__(f"Hier gibt es keinen Platz für ein {GERMAN[place]}.", place=place)
