"""Refusal of what needs the module "Vermarktung" (CS-1), the same in every service."""

from zugabe_events.domain.errors import RefusedError


class ModuleMissingError(RefusedError):
    """The dealer has not ordered the module, or has cancelled it."""

    code = "module-missing"

    def __init__(self) -> None:
        super().__init__("Dafür wird das Modul „Vermarktung“ benötigt.")
