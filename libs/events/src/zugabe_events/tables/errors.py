"""Errors of files as a whole, in German."""

from collections.abc import Sequence

from zugabe_events.domain.errors import InvalidError


class TableError(InvalidError):
    """The file as a whole is not what it should be."""

    code = "table-unreadable"


class HostileError(TableError):
    """The file is made to do harm, or looks like it."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Die Datei ist keine gewöhnliche Tabelle: {reason}.")


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:g} MB".replace(".", ",")


def quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"„{text}“" for text in texts)


def encrypted() -> TableError:
    return TableError("Die Datei ist mit einem Kennwort geschützt.", code="table-encrypted")
