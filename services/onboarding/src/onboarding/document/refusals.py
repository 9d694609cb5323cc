"""Refusals about documents."""

from zugabe_events.domain.errors import NotFoundError, RefusedError


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
