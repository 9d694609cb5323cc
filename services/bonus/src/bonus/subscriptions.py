"""Which topics bonus listens to, and what each one sets in motion."""

from bonus.account import policy
from bonus.account.view import accounts
from bonus.programme.view import programmes
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel

POLICIES: list[Policy] = [
    policy.orders,  # placed: redeem and accrue; taken off, lapsed: free; cancelled: give, take back
]

READ_MODELS: list[AnyReadModel] = [accounts, programmes]
