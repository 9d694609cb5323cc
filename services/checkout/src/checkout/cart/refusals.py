"""Refusals about carts on the server."""

from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.german_numbers import thousands


class CartNotFoundError(NotFoundError):
    """There is no such cart, or the caller cannot prove that it is theirs."""

    code = "cart-not-found"

    def __init__(self) -> None:
        super().__init__("Diesen Warenkorb gibt es nicht.")


class CartExpiredError(NotFoundError):
    code = "cart-expired"

    def __init__(self) -> None:
        super().__init__("Dieser Warenkorb ist abgelaufen.")


class CartStaleError(RefusedError):
    """The cart has another version than the one that a request is about."""

    code = "cart-stale"

    def __init__(self, version: int) -> None:
        super().__init__(
            "Der Warenkorb wurde inzwischen geändert. Bitte prüfen Sie ihn erneut.",
            version=version,
        )


class CartEmptyError(RefusedError):
    code = "cart-empty"

    def __init__(self) -> None:
        super().__init__("Der Warenkorb ist leer.")


class CartOrderedError(RefusedError):
    """The checkout became an order or waits for approval."""

    code = "cart-ordered"

    def __init__(self, *, is_submitted: bool) -> None:
        super().__init__(
            "Die Bestellung dieses Warenkorbs wartet auf Freigabe."
            if is_submitted
            else "Dieser Warenkorb wurde bereits bestellt."
        )


class CartClosedError(RefusedError):
    """The content of an anonymous cart belongs to that of a user by now."""

    code = "cart-closed"

    def __init__(self) -> None:
        super().__init__("Dieser Warenkorb wurde bereits in einen anderen übernommen.")


class CartOfAnotherError(RefusedError):
    """Another user checks out under this id."""

    code = "cart-of-another"

    def __init__(self) -> None:
        super().__init__("Dieser Warenkorb gehört zu einem anderen Benutzer.")


class CartFullError(RefusedError):
    """`things` are German; `most` is how many fit."""

    code = "cart-full"

    def __init__(self, most: int, things: str) -> None:
        super().__init__(f"Ein Warenkorb hat höchstens {thousands(most)} {things}.", most=most)
