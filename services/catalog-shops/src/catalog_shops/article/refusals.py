"""Refusals of commands about articles."""

from zugabe_events.domain.errors import NotFoundError, RefusedError


class ArticleNotFoundError(NotFoundError):
    code = "article-not-found"

    def __init__(self, number: str) -> None:
        super().__init__(f"Den Artikel {number} gibt es nicht.", number=number)


class NumberIsCentralError(RefusedError):
    """Articles of dealers have numbers of their own."""

    code = "number-is-central"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Die Artikelnummer {number} gehört zu einem zentralen Artikel. Ein eigener Artikel "
            "braucht eine eigene Nummer.",
            number=number,
        )


class GiftNumberTakenError(RefusedError):
    """Gifts are additional articles, with numbers that the shop does not have yet (GA-10, Q28)."""

    code = "gift-number-taken"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Die Artikelnummer {number} gibt es im Shop schon. Ein Dankeschönartikel braucht eine "
            "Nummer, die noch kein Artikel hat.",
            number=number,
        )


class OtherUseError(RefusedError):
    """An article is either a gift or for sale, and stays so (GA-7, GA-8)."""

    code = "article-is-a-gift"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Der Artikel {number} ist ein Dankeschönartikel und nicht verkäuflich. Soll er auch "
            "verkauft werden, legen Sie ihn dafür unter einer weiteren Nummer an.",
            number=number,
        )
