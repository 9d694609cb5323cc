"""The module "Vermarktung" (CS-1), which every service that a dealer sells with asks about."""

from dataclasses import dataclass

from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.views import Views


class ModuleMissingError(RefusedError):
    """The dealer has not ordered the module, or has cancelled it."""

    code = "module-missing"

    def __init__(self) -> None:
        super().__init__("Dafür wird das Modul „Vermarktung“ benötigt.")


@dataclass(frozen=True, slots=True)
class ModuleView:
    """A dealer and the module; a dealer without a document has none.

    `name` is the one under which people know the dealer, or "".
    """

    dealer: str
    has_module: bool
    name: str = ""


async def check_module(dealers: Views[ModuleView], dealer: str) -> None:
    """Raise ModuleMissingError."""
    view = await dealers.get(dealer)
    if view is None or not view.has_module:
        raise ModuleMissingError
