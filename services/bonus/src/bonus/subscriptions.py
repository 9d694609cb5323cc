"""Policies, read models, timers and mails of bonus."""

from bonus.account import policy, reminder_timer
from bonus.account.expiry_timer import POINTS_EXPIRE
from bonus.account.movements import MOVEMENTS
from bonus.account.view import ACCOUNTS
from bonus.advertising.graphic import GRAPHICS
from bonus.catalogue.view import LABELS
from bonus.customer.view import CUSTOMERS
from bonus.dealer.view import DEALERS
from bonus.liability.view import CUSTOMER_LIABILITY, LIABILITY
from bonus.pool import policy as pool_policy
from bonus.pool.view import POOLS
from bonus.programme.timer import PROGRAMME_CLOSES
from bonus.programme.view import PROGRAMMES
from bonus.text.view import TEXTS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule

POLICIES: list[Policy] = [
    # Placed: redeem and accrue; taken off or lapsed: release; cancelled or returned: return and
    # reverse; confirmed, shipped, or past the return period: schedule points that waited for it.
    policy.ORDERS,
    # Points of users move into the account that they share, and back.
    pool_policy.POOLS,
]

READ_MODELS: list[AnyReadModel] = [
    ACCOUNTS,
    MOVEMENTS,
    LIABILITY,
    CUSTOMER_LIABILITY,
    PROGRAMMES,
    CUSTOMERS,
    POOLS,
    TEXTS,
    DEALERS,
    LABELS,
    GRAPHICS,
]

TIMERS: list[TimerRule] = [PROGRAMME_CLOSES, POINTS_EXPIRE, reminder_timer.POINTS_EXPIRE_SOON]

MAILS = (reminder_timer.MAILS,)
