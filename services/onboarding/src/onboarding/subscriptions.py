"""What onboarding sets in motion, and which alarms it sets; it hears nobody but itself."""

from onboarding.brand.policy import BRANDS
from onboarding.brand.reminding import REMINDERS

POLICIES = (BRANDS,)
TIMERS = (REMINDERS,)
