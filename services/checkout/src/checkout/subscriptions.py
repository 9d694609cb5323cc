"""Read models and timers of checkout, which consumes only its own topic."""

from checkout.buyer.view import BUYERS
from checkout.order.timer import due, lapse
from checkout.order.view import ORDERS
from zugabe_events.domain.policy import Policy
from zugabe_events.domain.projection import AnyReadModel
from zugabe_events.domain.timer import TimerRule

POLICIES: tuple[Policy, ...] = ()
READ_MODELS: tuple[AnyReadModel, ...] = (ORDERS, BUYERS)
TIMERS = (TimerRule(name="checkout.lapse", topics=("checkout",), due=due, fire=lapse),)
