"""What is wrong with a file as a whole, in German."""

from collections.abc import Sequence

from zugabe_events.domain.errors import InvalidError


class TableError(InvalidError):
    """The file as a whole is not what it should be."""

    code = "table-unreadable"


def grouped(number: int) -> str:
    """A number as Germans write it."""
    return f"{number:,}".replace(",", ".")


def quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"„{text}“" for text in texts)


def encrypted() -> TableError:
    return TableError("Die Datei ist mit einem Kennwort geschützt.", code="table-encrypted")
