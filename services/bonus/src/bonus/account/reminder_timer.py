"""Timer and mail that tell users of points that will expire (Q10)."""

from bonus.account.decider import account_history
from bonus.account.reminder import NOTICE, RemindOfExpiry
from bonus.programme.points import points_text
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsCredited,
    PointsExpiryAnnounced,
    PointsScheduled,
)
from zugabe_events.domain.calendar import german_date, noon_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore
from zugabe_events.domain.mail import Mail, Mails, paragraphs, salutation
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.domain.timer import Schedule, TimerRule
from zugabe_events.eventstore.command_handler import handle

REMINDS = "bonus.expiry-reminders"


def due(received: ReceivedEvent) -> Schedule | None:
    match received.event:
        case PointsAccrued() | PointsScheduled() | PointsCredited() as earned:
            last = earned.active_until
            if last is None:
                return None
            day = max(last - NOTICE, earned.active_from)
            return Schedule(f"{earned.dealer}/{earned.user}/{last.isoformat()}", noon_of(day))
        case _:
            return None


async def fire(store: EventStore, key: str, context: Context) -> None:
    dealer, user, _ = key.split("/")
    command = RemindOfExpiry(dealer, user, context.at)
    attempt = derived_id(REMINDS, key)
    await handle(store, account_history(dealer, user), command, context, attempt=attempt)


def render(received: ReceivedEvent) -> Mail | None:
    match received.event:
        case PointsExpiryAnnounced(recipient=recipient) as announced if recipient.email:
            return Mail(
                to=recipient.email,
                subject="Ihre Bonuspunkte verfallen bald",
                text=paragraphs(
                    salutation(recipient.name, recipient.salutation),
                    announcement(announced),
                    "Bis dahin können Sie Ihre Punkte bei einer Bestellung gegen eine Prämie "
                    "einlösen. Punkte, die zuerst verfallen, werden zuerst verwendet.",
                ),
            )
        case _:
            return None


def announcement(announced: PointsExpiryAnnounced) -> str:
    first, last = german_date(announced.first_day), german_date(announced.last_day)
    points = points_text(announced.points)
    of_account = f"auf Ihrem Bonuskonto {'ist' if announced.points == 1 else 'sind'} {points}"
    if first == last:
        return f"{of_account} nur noch bis zum {last} gültig."
    return f"{of_account} nur noch bis zum {last} gültig, die ersten davon bis zum {first}."


POINTS_EXPIRE_SOON = TimerRule(REMINDS, ("bonus",), due, fire)
MAILS = Mails(name="bonus.mails", topics=("bonus",), render=render)
