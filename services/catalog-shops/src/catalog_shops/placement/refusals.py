"""Refusals about which shops are active, and in which order."""

from collections.abc import Mapping, Sequence

from zugabe_events.contracts.catalog_shops import ShopKind, ShopRef
from zugabe_events.domain.errors import InvalidError, RefusedError

NOUNS: Mapping[ShopKind, str] = {"brand": "Markenshops", "theme": "Themenshops"}

MAX_TOLD = 500


class CentralShopsAdoptedError(RefusedError):
    """The dealer shows central shops as they are, and therefore no own ones (CS-13, CS-38)."""

    code = "central-shops-adopted"

    def __init__(self, kind: ShopKind) -> None:
        super().__init__(
            f"Zurzeit werden die zentralen {NOUNS[kind]} übernommen. Bitte entfernen Sie zuerst "
            "diesen Haken."
        )


class NothingCentralError(InvalidError):
    """Central has no central shops beside its own."""

    code = "nothing-central"

    def __init__(self) -> None:
        super().__init__("Die Zentrale übernimmt keine Shops; sie pflegt sie.")


class ArrangementStaleError(RefusedError):
    """Somebody else saved the arrangement meanwhile; `version` and `active` are what is newer."""

    code = "arrangement-stale"

    def __init__(self, version: int, active: Sequence[ShopRef]) -> None:
        super().__init__(
            "Die Reihenfolge wurde inzwischen von jemand anderem geändert. Bitte prüfen Sie den "
            "neuen Stand und speichern Sie dann erneut.",
            version=version,
            count=len(active),
        )
        refs = [{"dealer": ref.dealer, "shop": ref.shop} for ref in active[:MAX_TOLD]]
        self.lists = {"active": refs}


class ArrangementTooLargeError(RefusedError):
    code = "arrangement-too-large"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Höchstens {most} Shops können gleichzeitig aktiv sein, bei langen Kennungen weniger.",
            most=most,
        )


class ShopTwiceError(InvalidError):
    code = "shop-twice"

    def __init__(self, ref: ShopRef) -> None:
        super().__init__("Ein Shop steht mehrfach in der Reihenfolge.", shop=ref.shop)
