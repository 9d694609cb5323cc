"""What can be wrong with an order, in words for people (X-7)."""

from zugabe_events.domain.errors import NotFoundError, Number, RefusedError, UnavailableError


class AlreadyOrderedError(RefusedError):
    """This checkout is an order already; another cart needs another order id."""

    code = "already-ordered"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung wurde bereits aufgegeben.")


class OrderIdTakenError(RefusedError):
    """Another user checks out under this id."""

    code = "order-id-taken"

    def __init__(self) -> None:
        super().__init__("Diese Bestellkennung gehört zu einem anderen Benutzer.")


class CartChangedError(RefusedError):
    """A newer cart of the same checkout took over while this one was being ordered."""

    code = "cart-changed"

    def __init__(self) -> None:
        super().__init__("Der Warenkorb wurde inzwischen geändert. Bitte prüfen Sie ihn erneut.")


class OrderNotFoundError(NotFoundError):
    code = "order-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Bestellung gibt es nicht.")


class AttemptOverError(RefusedError):
    """The attempt that a step belongs to has ended: price again, and ask again."""

    code = "attempt-over"

    def __init__(self) -> None:
        super().__init__("Dieser Bestellversuch ist beendet.")


class UnfitDiscountError(UnavailableError):
    """The discount that another service answered does not fit the cart it was asked for."""

    code = "discount-unfit"

    def __init__(self) -> None:
        super().__init__(
            "Der Rabatt konnte nicht berechnet werden. Bitte versuchen Sie es erneut.",
            retry_after=5,
        )


class HoldRefusedError(RefusedError):
    """`vouchers` or `bonus` says no, with its own code, words and numbers (CH-4)."""

    def __init__(self, offered: str, detail: str, code: str, **facts: Number) -> None:
        super().__init__(detail, code=code, **facts)
        self.offered = offered
