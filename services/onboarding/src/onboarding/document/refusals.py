"""Refusals about documents."""

from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.german_numbers import thousands


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


class DocumentsTooLargeError(RefusedError):
    code = "documents-too-large"

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            "Die Dokumente eines Partners sind zusammen höchstens "
            f"{thousands(most_bytes // 10**6)} MB groß. Bitte entfernen Sie solche, die Sie "
            "nicht mehr brauchen.",
            most_bytes=most_bytes,
        )
