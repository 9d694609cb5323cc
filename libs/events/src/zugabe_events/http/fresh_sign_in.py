"""Powerful steps need a person who has signed in lately (S23, RFC 9470).

A stolen token, or one of a session left open, does not erase people or fetch lists with names.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from zugabe_events.domain.errors import UnauthenticatedError
from zugabe_events.http.principal import Principal

LEEWAY = timedelta(seconds=30)


class SignInOutdatedError(UnauthenticatedError):
    """The token is valid and its sign-in too long ago, unknown, or not strong enough."""

    code = "sign-in-outdated"

    def __init__(self, challenge: str, detail: str) -> None:
        super().__init__(detail)
        self.challenge = challenge


@dataclass(frozen=True, slots=True)
class FreshSignIn:
    """`max_age` is that of a sign-in; `acr` are the classes of which it must have one, if any."""

    max_age: timedelta
    acr: frozenset[str] = frozenset()

    def check(self, principal: Principal, now: datetime) -> None:
        """Raise SignInOutdatedError. Services never sign in; their tokens last an hour."""
        if principal.role == "service":
            return
        at = principal.signed_in_at
        is_fresh = at is not None and now - at <= self.max_age and at - now <= LEEWAY
        if is_fresh and (not self.acr or principal.acr in self.acr):
            return
        strength = f', acr_values="{" ".join(sorted(self.acr))}"' if self.acr else ""
        raise SignInOutdatedError(
            'Bearer error="insufficient_user_authentication", '
            f'max_age="{int(self.max_age.total_seconds())}"{strength}',
            "Bitte melden Sie sich dafür neu an."
            if not is_fresh
            else "Bitte melden Sie sich dafür mit einem stärkeren Verfahren an.",
        )
