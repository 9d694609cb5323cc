"""Refusals of uploaded files."""

from collections.abc import Iterable

from zugabe_events.domain.errors import InvalidError, UnavailableError


class FileRefusedError(InvalidError):
    """Not a file that is taken here, or not what it says."""


def unknown_type(names: Iterable[str]) -> FileRefusedError:
    """`names` are the types that are possible."""
    *others, last = names
    possible = f"{', '.join(others)} und {last}" if others else last
    return FileRefusedError(f"Möglich sind {possible}.", code="file-type-unknown")


def another_type() -> FileRefusedError:
    return FileRefusedError(
        "Der Inhalt der Datei passt nicht zu ihrer Endung oder ist beschädigt.",
        code="file-type-mismatch",
    )


def too_much() -> FileRefusedError:
    return FileRefusedError(
        "Die Datei enthält mehr, als sich sicher verarbeiten lässt.", code="file-too-complex"
    )


def active_content() -> FileRefusedError:
    return FileRefusedError(
        "Die Datei enthält Skripte, Makros oder eingebettete Dateien. Bitte speichern Sie sie "
        "ohne diese Inhalte.",
        code="file-active-content",
    )


def unchecked_content() -> FileRefusedError:
    return FileRefusedError(
        "Die Datei ist geschützt oder so gepackt, dass sie sich nicht prüfen lässt. Bitte "
        "speichern Sie sie ohne Kennwortschutz.",
        code="file-not-checkable",
    )


class InfectedError(FileRefusedError):
    code = "file-infected"

    def __init__(self) -> None:
        super().__init__("In der Datei wurde Schadsoftware gefunden.")


class ScannerAwayError(UnavailableError):
    """A file that cannot be scanned is not stored."""

    code = "scanner-away"

    def __init__(self) -> None:
        super().__init__(
            "Die Datei kann gerade nicht geprüft werden. Bitte versuchen Sie es gleich erneut.",
            retry_after=10,
        )
