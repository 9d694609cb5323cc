"""Refusals about documents."""

from zugabe_events.domain.errors import InvalidError, NotFoundError, RefusedError, UnavailableError


class DocumentNotFoundError(NotFoundError):
    code = "document-not-found"

    def __init__(self) -> None:
        super().__init__("Dieses Dokument gibt es nicht.")


class DocumentExistsError(RefusedError):
    """Another file bears this id."""

    code = "document-exists"

    def __init__(self, title: str) -> None:
        super().__init__(f"Unter dieser Kennung gibt es bereits das Dokument „{title}“.")


class DocumentRemovedError(RefusedError):
    """Its id stands for what was removed."""

    code = "document-removed"

    def __init__(self) -> None:
        super().__init__("Unter dieser Kennung wurde ein Dokument entfernt.")


class TooManyDocumentsError(RefusedError):
    code = "too-many-documents"

    def __init__(self, most: int) -> None:
        super().__init__(f"Ein Partner kann höchstens {most} Dokumente haben.", most=most)


class FileRefusedError(InvalidError):
    """Not a file that is taken here, or not what it says."""


def unknown_type() -> FileRefusedError:
    return FileRefusedError(
        "Möglich sind PDF, PNG, JPEG, XLSX, CSV und Text (.txt).", code="file-type-unknown"
    )


def another_type() -> FileRefusedError:
    return FileRefusedError(
        "Der Inhalt der Datei passt nicht zu ihrer Endung oder ist beschädigt.",
        code="file-type-mismatch",
    )


def too_much() -> FileRefusedError:
    return FileRefusedError(
        "Die Datei enthält mehr, als sich sicher verarbeiten lässt.", code="file-too-complex"
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
