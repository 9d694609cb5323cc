"""Routes of terms: a dealer's terms of sale, and approval by customer (X-26, X-40)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from checkout.catalogue.documents import (
    EMPTY,
    ApprovalVersion,
    CatalogueView,
    TermsVersion,
    approval_id,
    terms_id,
)
from checkout.terms.bodies import CustomerTermsBody, SalesTermsBody
from checkout.terms.customer_terms import SetCustomerTerms, customer_terms_history
from checkout.terms.sales_terms import DEFAULT_TERMS, SetSalesTerms, sales_terms_history
from zugabe_events.contracts.checkout import ApprovalRule, SalesTerms
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.versions import version_at
from zugabe_events.domain.views import Views
from zugabe_events.http.authorization import Access, reads
from zugabe_events.http.effective import past_of
from zugabe_events.http.fields import Id, Instant
from zugabe_events.http.request_context import RequestContext


@dataclass(frozen=True, slots=True)
class SalesTermsView:
    """The terms in force at an instant; `version` 0 are the default ones. `versions` are the latest
    ones, as they were decided."""

    dealer: str
    version: int
    terms: SalesTerms
    effective_at: datetime | None
    versions: tuple[TermsVersion, ...]


@dataclass(frozen=True, slots=True)
class CustomerTermsView:
    """The same for a customer's rule of approval."""

    dealer: str
    customer: str
    version: int
    approval: ApprovalRule
    above_cents: int
    effective_at: datetime | None
    versions: tuple[ApprovalVersion, ...]


def terms_api(store: EventStore, documents: Views[CatalogueView], access: Access) -> APIRouter:
    router = APIRouter(prefix="/dealers/{dealer}", tags=["terms"])
    sees = Depends(reads(access.requires("see-sales-terms"), documents))

    @router.put("/sales-terms", status_code=204)
    async def set_sales_terms(
        dealer: Id,
        body: SalesTermsBody,
        request: Annotated[RequestContext, Depends(access.requires("edit-sales-terms"))],
    ) -> None:
        """Set all terms of sale, for orders from now on."""
        past = past_of(request, body.effective_at)
        command = SetSalesTerms(dealer, body.terms(), request.context.at, past)
        await request.handle(store, sales_terms_history(dealer), command)

    @router.get("/sales-terms")
    async def get_sales_terms(
        dealer: Id,
        request: Annotated[RequestContext, sees],
        at: Annotated[Instant | None, Query()] = None,
    ) -> SalesTermsView:
        """The terms in force now or at another instant, and their latest versions."""
        versions = (await documents.get(terms_id(dealer)) or EMPTY).terms
        found = version_at(versions, at or request.context.at)
        if found is None:
            return SalesTermsView(dealer, 0, DEFAULT_TERMS, None, versions)
        return SalesTermsView(dealer, found.version, found.terms, found.effective_at, versions)

    @router.put("/customers/{customer}/terms", status_code=204)
    async def set_customer_terms(
        dealer: Id,
        customer: Id,
        body: CustomerTermsBody,
        request: Annotated[RequestContext, Depends(access.requires("edit-customer-terms"))],
    ) -> None:
        """Set which orders of a customer's users need approval, from now on."""
        command = SetCustomerTerms(
            dealer,
            customer,
            body.approval,
            body.above_cents,
            request.context.at,
            past_of(request, body.effective_at),
        )
        await request.handle(store, customer_terms_history(dealer, customer), command)

    @router.get("/customers/{customer}/terms")
    async def get_customer_terms(
        dealer: Id,
        customer: Id,
        request: Annotated[RequestContext, sees],
        at: Annotated[Instant | None, Query()] = None,
    ) -> CustomerTermsView:
        """Orders of a customer about whom nothing was said need no approval."""
        versions = (await documents.get(approval_id(dealer, customer)) or EMPTY).approval
        found = version_at(versions, at or request.context.at)
        return CustomerTermsView(
            dealer,
            customer,
            version=found.version if found else 0,
            approval=found.approval if found else "none",
            above_cents=found.above_cents if found else 0,
            effective_at=found.effective_at if found else None,
            versions=versions,
        )

    return router
