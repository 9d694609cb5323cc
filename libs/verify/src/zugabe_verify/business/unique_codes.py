"""Unique codes: each belongs to one order at a time (X-5)."""

from zugabe_verify.business.scope import Scope
from zugabe_verify.records import LoggedEvent


class UniqueCodes:
    """Takes the uses of codes in the order of each stream; the holder of each stays in memory."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._holders: dict[str, tuple[str, str]] = {}

    def take(self, event: LoggedEvent) -> None:
        match event.name:
            case "unique-code-taken":
                holder = event.body["at_dealer"], event.body["order_id"]
                before = self._holders.setdefault(event.stream, holder)
                if before != holder:
                    what = f"order {holder[1]} took the code that order {before[1]} has"
                    self._scope.findings.add("limit-exceeded", "vouchers", event.stream, what)
            case "unique-code-freed":
                if self._holders.pop(event.stream, None) is None:
                    what = "the code was freed, and nobody had it"
                    self._scope.findings.add("use-miscounted", "vouchers", event.stream, what)
            case _:
                pass
