"""What checkout shows, and which alarms it sets; it hears nobody but itself."""

from checkout.buyer.view import BUYERS
from checkout.order.lapsing import due, lapse
from checkout.order.view import ORDERS
from zugabe_events.policies import Policy
from zugabe_events.readmodels import AnyReadModel
from zugabe_events.timers import TimerRule

POLICIES: tuple[Policy, ...] = ()
READ_MODELS: tuple[AnyReadModel, ...] = (ORDERS, BUYERS)
TIMERS = (TimerRule(name="checkout.lapse", hears=("checkout",), due=due, fire=lapse),)
