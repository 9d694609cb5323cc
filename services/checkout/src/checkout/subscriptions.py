"""Policies, read models, mails and timers of checkout."""

from checkout.approval.mail import MAILS as APPROVAL_MAILS
from checkout.approval.policy import APPROVALS
from checkout.approval.view import SUBMISSIONS
from checkout.buyer.view import BUYERS
from checkout.cart.view import CARTS
from checkout.catalogue.view import CATALOGUE
from checkout.conduct.policy import CONDUCT
from checkout.fulfilment.timer import due as return_period_due
from checkout.fulfilment.timer import end_return_period
from checkout.order.timer import due, lapse
from checkout.order.view import ORDERS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule

POLICIES: tuple[Policy, ...] = (APPROVALS, CONDUCT)
READ_MODELS: tuple[AnyReadModel, ...] = (ORDERS, SUBMISSIONS, BUYERS, CARTS, CATALOGUE)
TIMERS = (
    TimerRule(name="checkout.lapse", topics=("checkout",), due=due, fire=lapse),
    TimerRule(
        name="checkout.end-return-period",
        topics=("checkout",),
        due=return_period_due,
        fire=end_return_period,
    ),
)
MAILS = (APPROVAL_MAILS,)
