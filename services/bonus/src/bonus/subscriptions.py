"""Policies and read models of bonus."""

from bonus.account import policy
from bonus.account.view import ACCOUNTS
from bonus.dealer.view import DEALERS
from bonus.programme.view import PROGRAMMES
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = [
    # Placed: redeem and accrue; taken off or lapsed: release; cancelled: return and reverse.
    policy.ORDERS,
]

READ_MODELS: list[AnyReadModel] = [ACCOUNTS, PROGRAMMES, DEALERS]
