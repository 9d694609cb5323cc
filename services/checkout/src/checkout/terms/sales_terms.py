"""A dealer's terms of sale by version, each in force for orders placed since (X-40)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from checkout.terms.limits import problems_of
from checkout.terms.refusals import TermsInvalidError, TermsOvertakenError
from zugabe_events.contracts.checkout import SalesTerms, SalesTermsSet
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.event import Stream

DEFAULT_TERMS = SalesTerms()


@dataclass(frozen=True, slots=True)
class SetSalesTerms:
    """All terms. `effective_at` may be in the past for history that is set up."""

    dealer: str
    terms: SalesTerms
    at: datetime
    effective_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PresentTerms:
    """`version` 0: terms were never set, and the default ones are in force."""

    version: int = 0
    terms: SalesTerms = DEFAULT_TERMS
    since: datetime | None = None


def decide(command: SetSalesTerms, present: PresentTerms) -> Sequence[SalesTermsSet]:
    """Raises TermsInvalidError and TermsOvertakenError."""
    if problems := list(problems_of(command.terms)):
        raise TermsInvalidError(problems)
    terms = in_order(command.terms)
    if terms == present.terms:
        return []
    return [
        SalesTermsSet(
            dealer=command.dealer,
            version=present.version + 1,
            terms=terms,
            effective_at=begin(command.at, command.effective_at, present.since),
        )
    ]


def in_order(terms: SalesTerms) -> SalesTerms:
    """Countries by their code: their order means nothing."""
    return replace(terms, shipping=tuple(sorted(terms.shipping, key=lambda one: one.country)))


def begin(at: datetime, effective_at: datetime | None, since: datetime | None) -> datetime:
    """The instant from which a new version is in force, not before the last one.

    By default that is now, even if clocks of two processes differ. Raises TermsOvertakenError.
    """
    if effective_at is None:
        return max(at, since or at)
    if since is not None and effective_at < since:
        raise TermsOvertakenError(since)
    return effective_at


def evolve(present: PresentTerms, event: SalesTermsSet) -> PresentTerms:
    return PresentTerms(event.version, event.terms, event.effective_at)


SALES_TERMS_DECIDER: Decider[SetSalesTerms, PresentTerms, SalesTermsSet] = Decider(
    "sales-terms", PresentTerms(), decide, evolve
)


def sales_terms_history(dealer: str) -> History[PresentTerms, SalesTermsSet]:
    stream = f"sales-terms/{dealer}"
    return History(Stream(stream, stream), SALES_TERMS_DECIDER)
