"""Which topics bonus listens to, and what each one sets in motion."""

from bonus.account import policy
from bonus.account.view import ACCOUNTS
from bonus.programme.view import PROGRAMMES
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = [
    policy.ORDERS,  # placed: redeem and accrue; taken off, lapsed: free; cancelled: give, take back
]

READ_MODELS: list[AnyReadModel] = [ACCOUNTS, PROGRAMMES]
