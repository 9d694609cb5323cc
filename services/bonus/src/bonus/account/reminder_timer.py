"""Timer and mail that tell users of points that will expire (Q10)."""

from uuid import UUID

from bonus.account.decider import account_history, pool_account_history
from bonus.account.reminder import NOTICE, RemindOfExpiry
from bonus.account.shared import pool_of
from bonus.pool.decider import pool_history
from bonus.programme.points import points_text
from zugabe_events.contracts.bonus import (
    PointsAccrued,
    PointsCredited,
    PointsExpiryAnnounced,
    PointsScheduled,
)
from zugabe_events.domain.calendar import german_date, noon_of
from zugabe_events.domain.event import Context, derived_id
from zugabe_events.domain.event_store import EventStore, state_of, states_of
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
            key = (earned.dealer, earned.user, last.isoformat(), earned.customer)
            return Schedule("/".join(key), noon_of(day))
        case _:
            return None


async def fire(store: EventStore, key: str, context: Context) -> None:
    """Tell of the points where they are: also in the account that the customer's users share."""
    dealer, user, _, *customers = key.split("/")
    command = RemindOfExpiry(dealer, user, context.at)
    attempt = derived_id(REMINDS, key)
    await handle(store, account_history(dealer, user), command, context, attempt=attempt)
    for customer in customers:
        await remind_managers(store, dealer, customer, derived_id(REMINDS, key, "pool"), context)


async def remind_managers(
    store: EventStore, dealer: str, customer: str, attempt: UUID, context: Context
) -> None:
    pool = await state_of(store, pool_history(dealer, customer))
    if not pool.is_pooled:
        return
    users = sorted(pool.managers)
    accounts = await states_of(store, [account_history(dealer, user) for user in users])
    managers = tuple(
        (user, account.recipient)
        for user, account in zip(users, accounts, strict=True)
        if account.recipient
    )
    command = RemindOfExpiry(dealer, pool_of(customer), context.at, customer, managers)
    history = pool_account_history(dealer, customer)
    await handle(store, history, command, context, attempt=attempt)


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
    account = "dem Bonuskonto Ihres Unternehmens" if announced.pool else "Ihrem Bonuskonto"
    of_account = f"auf {account} {'ist' if announced.points == 1 else 'sind'} {points}"
    if first == last:
        return f"{of_account} nur noch bis zum {last} gültig."
    return f"{of_account} nur noch bis zum {last} gültig, die ersten davon bis zum {first}."


POINTS_EXPIRE_SOON = TimerRule(REMINDS, ("bonus",), due, fire)
MAILS = Mails(name="bonus.mails", topics=("bonus",), render=render)
