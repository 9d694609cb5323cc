"""Refusals of commands about gifts."""

from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError


class GiftNotFoundError(NotFoundError):
    code = "gift-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Gratis-Artikel gibt es nicht.")


class NoGiftArticleError(RefusedError):
    """The tenant has no article of this number in the catalogue (GA-10)."""

    code = "gift-article-missing"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Der Artikel {number} ist nicht gelistet. Legen Sie ihn zuerst als "
            "Dankeschönartikel an.",
            number=number,
        )


class ForSaleError(RefusedError):
    """An article is either a gift or for sale (GA-7, GA-8)."""

    code = "article-for-sale"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Der Artikel {number} ist verkäuflich und kann deshalb kein Gratis-Artikel sein. "
            "Legen Sie den Gratis-Artikel unter einer eigenen Nummer an.",
            number=number,
        )


class OfferedTwiceError(RefusedError):
    """The same article is a gift already, on days that overlap."""

    code = "gift-offered-twice"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Der Artikel {number} ist in dieser Zeit bereits ein Gratis-Artikel.", number=number
        )


class TooManyGiftsError(RefusedError):
    code = "too-many-gifts"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Es sind höchstens {most} Gratis-Artikel gleichzeitig möglich.", most=most
        )


class ValidityReversedError(InvalidError):
    code = "validity-reversed"

    def __init__(self) -> None:
        super().__init__("Die Gültigkeit endet, bevor sie beginnt.")
