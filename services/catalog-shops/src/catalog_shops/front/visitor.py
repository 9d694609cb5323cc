"""The visitor of a front: anybody, or somebody with a token of the dealer."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request

from catalog_shops.front.turns import Turns
from zugabe_events.domain.errors import ForbiddenError, UnauthenticatedError
from zugabe_events.domain.views import Follower
from zugabe_events.http.authorization import bearer_of
from zugabe_events.http.principal import Principal, Verify
from zugabe_events.http.request_context import TOKEN_HEADER, tokens_of


@dataclass(frozen=True, slots=True)
class Visitor:
    """`principal` is None without a valid token; a public front does not mind."""

    dealer: str
    principal: Principal | None

    @property
    def customer(self) -> str:
        """The customer of the dealer for whom the visitor buys, if known."""
        belongs = self.principal is not None and self.principal.dealer == self.dealer
        return (self.principal.customer or "") if belongs and self.principal else ""

    def check_may_see(self, *, is_public: bool) -> None:
        """Raise UnauthenticatedError, ForbiddenError."""
        if is_public:
            return
        if self.principal is None:
            raise UnauthenticatedError("Der Shop ist nur für angemeldete Kunden sichtbar.")
        if self.principal.is_bound and not self.principal.belongs_to({"dealer": self.dealer}):
            raise ForbiddenError("Der Shop ist nur für Kunden des Händlers sichtbar.")


async def visitor_of(request: Request, dealer: str, verify: Verify) -> Visitor:
    if "Authorization" not in request.headers:
        return Visitor(dealer, None)
    try:
        return Visitor(dealer, await verify(bearer_of(request)))
    except UnauthenticatedError:
        return Visitor(dealer, None)


async def catch_up(request: Request, followers: Iterable[Follower], waiting: Turns) -> None:
    """Wait for what the tokens of a request stand for. Raise InvalidError, UnavailableError."""
    tokens = tokens_of(request.headers.getlist(TOKEN_HEADER))
    if tokens:
        async with waiting.taken():
            for follower in followers:
                await follower.caught_up(tokens)
