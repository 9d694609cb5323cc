"""Sharing of points by the users of a customer, and its managers (BO-5, BO-33, BO-34).

A manager counts only while points are pooled (BO-35). Points are never pooled for the customer who
has all standard users in it: they are strangers to each other (BO-48).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bonus.customer.decider import Membership
from zugabe_events.contracts.bonus import (
    PointsHolderAdded,
    PointsManagerAppointed,
    PointsManagerDismissed,
    PointsPooled,
    PointsUnpooled,
)
from zugabe_events.domain.decider import Decider, History
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.event import Stream
from zugabe_events.domain.tenant import SHARED_CUSTOMER

MAX_MANAGERS = 100

type PoolEvent = (
    PointsPooled
    | PointsUnpooled
    | PointsHolderAdded
    | PointsManagerAppointed
    | PointsManagerDismissed
)


@dataclass(frozen=True, slots=True)
class PoolPoints:
    dealer: str
    customer: str
    membership: Membership
    at: datetime


@dataclass(frozen=True, slots=True)
class UnpoolPoints:
    dealer: str
    customer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointManager:
    dealer: str
    customer: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DismissManager:
    dealer: str
    customer: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AddHolder:
    """A user got points, or owes some."""

    dealer: str
    customer: str
    user: str


type Command = PoolPoints | UnpoolPoints | AppointManager | DismissManager | AddHolder


class SharedCustomerError(RefusedError):
    """The users of this customer are strangers to each other (BO-48)."""

    code = "shared-customer"


class NotEnabledError(RefusedError):
    """The customer has never taken part in the programme."""

    code = "customer-not-enabled"


class TooManyManagersError(RefusedError):
    code = "too-many-points-managers"


@dataclass(frozen=True, slots=True)
class Pool:
    """`holders` are the users who have, or had, an account, in the order of their first points."""

    is_pooled: bool = False
    managers: frozenset[str] = frozenset()
    holders: tuple[str, ...] = ()

    def hides_points_from(self, user: str) -> bool:
        """Single users are not bothered: only managers check and redeem pooled points (BO-33)."""
        return self.is_pooled and user not in self.managers

    @property
    def is_frozen(self) -> bool:
        """Nobody can redeem the points (Q12)."""
        return self.is_pooled and not self.managers


def decide(command: Command, pool: Pool) -> Sequence[PoolEvent]:
    match command:
        case PoolPoints():
            return pool_points(command, pool)
        case UnpoolPoints(dealer, customer, at):
            return [PointsUnpooled(dealer, customer, at)] if pool.is_pooled else []
        case AppointManager():
            return appoint(command, pool)
        case DismissManager(dealer, customer, user, at):
            if user not in pool.managers:
                return []
            is_last = pool.managers == {user}
            frozen = pool.is_pooled and is_last
            return [PointsManagerDismissed(dealer, customer, user, at, is_frozen=frozen)]
        case AddHolder(dealer, customer, user):
            if customer == SHARED_CUSTOMER or user in pool.holders:
                return []
            return [PointsHolderAdded(dealer, customer, user)]


def pool_points(command: PoolPoints, pool: Pool) -> Sequence[PoolEvent]:
    refuse_shared(command.customer)
    if not command.membership.spans:
        raise NotEnabledError(
            "Dieser Kunde nimmt nicht am Bonusprogramm teil. Bitte schalten Sie ihn zuerst frei."
        )
    if pool.is_pooled:
        return []
    return [PointsPooled(command.dealer, command.customer, pool.holders, command.at)]


def appoint(command: AppointManager, pool: Pool) -> Sequence[PoolEvent]:
    refuse_shared(command.customer)
    if command.user in pool.managers:
        return []
    if len(pool.managers) == MAX_MANAGERS:
        raise TooManyManagersError(
            f"Ein Kunde hat höchstens {MAX_MANAGERS} Bonuspunkte-Verwalter.",
            most_managers=MAX_MANAGERS,
        )
    return [PointsManagerAppointed(command.dealer, command.customer, command.user, command.at)]


def refuse_shared(customer: str) -> None:
    if customer == SHARED_CUSTOMER:
        raise SharedCustomerError(
            "Gemeinsame Bonuspunkte gibt es nur für individuelle Kunden: Die Benutzer von "
            f"{SHARED_CUSTOMER} gehören zu verschiedenen Unternehmen."
        )


def evolve(pool: Pool, event: PoolEvent) -> Pool:
    match event:
        case PointsPooled():
            return replace(pool, is_pooled=True)
        case PointsUnpooled():
            return replace(pool, is_pooled=False)
        case PointsHolderAdded(user=user):
            return replace(pool, holders=(*pool.holders, user))
        case PointsManagerAppointed(user=user):
            return replace(pool, managers=pool.managers | {user})
        case PointsManagerDismissed(user=user):
            return replace(pool, managers=pool.managers - {user})


POOL_DECIDER: Decider[Command, Pool, PoolEvent] = Decider("pool", Pool(), decide, evolve)


def pool_history(dealer: str, customer: str) -> History[Pool, PoolEvent]:
    stream = f"pool/{dealer}/{customer}"
    return History(Stream(stream, stream), POOL_DECIDER)
