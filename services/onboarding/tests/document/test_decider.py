"""A document is stored once, and removed for good."""

import msgspec
from onboarding_tests.samples import NOON, PARTNER

from onboarding.document.decider import DOCUMENT_DECIDER, RemoveDocument, StoreDocument
from onboarding.document.refusals import (
    DocumentExistsError,
    DocumentNotFoundError,
    DocumentRemovedError,
)
from zugabe_events.contracts.onboarding import DocumentRemoved, DocumentStored
from zugabe_events.domain.errors import ForbiddenError
from zugabe_testing.deciders import given

STORED = DocumentStored(
    PARTNER, "", "d1", "Vertrag", "vertrag.pdf", "application/pdf", 60, "abc", "partner", NOON
)
OURS = msgspec.structs.replace(STORED, by="central")
OTHER = msgspec.structs.replace(STORED, sha256="def")
REMOVED = DocumentRemoved(PARTNER, "", "d1", NOON)


def test_a_document_is_stored_once() -> None:
    """ON-13"""
    given(DOCUMENT_DECIDER).when(StoreDocument(STORED)).then(STORED)
    given(DOCUMENT_DECIDER, STORED).when(StoreDocument(STORED)).then()
    given(DOCUMENT_DECIDER, STORED).when(StoreDocument(OTHER)).refused(DocumentExistsError)


def test_a_document_is_removed_once_and_its_id_is_used_up() -> None:
    remove = RemoveDocument("partner", NOON)
    given(DOCUMENT_DECIDER, STORED).when(remove).then(REMOVED)
    given(DOCUMENT_DECIDER, STORED, REMOVED).when(remove).then()
    given(DOCUMENT_DECIDER, STORED, REMOVED).when(StoreDocument(STORED)).refused(
        DocumentRemovedError
    )
    given(DOCUMENT_DECIDER).when(remove).refused(DocumentNotFoundError)


def test_a_partner_takes_back_only_what_is_his_own() -> None:
    given(DOCUMENT_DECIDER, OURS).when(RemoveDocument("partner", NOON)).refused(ForbiddenError)
    given(DOCUMENT_DECIDER, OURS).when(RemoveDocument("central", NOON)).then(REMOVED)
    given(DOCUMENT_DECIDER, STORED).when(RemoveDocument("central", NOON)).then(REMOVED)
