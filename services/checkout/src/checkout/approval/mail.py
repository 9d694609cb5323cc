"""Mails about submitted orders: to approvers, and to the orderer about the outcome (X-26)."""

from datetime import datetime, timedelta

from zugabe_events.contracts.checkout import (
    ApprovalRequested,
    OrderPlaced,
    OrderSubmitted,
    Person,
    PricedOrder,
    SubmissionEnded,
)
from zugabe_events.domain.calendar import BERLIN, day_of, german_date
from zugabe_events.domain.mail import Mail, Mails, paragraphs, salutation
from zugabe_events.domain.money import euros
from zugabe_events.domain.policy import ReceivedEvent
from zugabe_events.encryption.sealed_text import person_of


def render(received: ReceivedEvent) -> Mail | None:
    match received.event:
        case ApprovalRequested() as request:
            return to_approver(request)
        case OrderPlaced(approvals=(_, *_)) as order:
            return about_approval(order)
        case OrderSubmitted(approvals=(*_, latest)) as order if latest.has_changed:
            return about_change(order)
        case SubmissionEnded() as ended:
            return about_end(ended)
        case _:
            return None


def to_approver(request: ApprovalRequested) -> Mail | None:
    """It names the orderer, and says nothing else about them."""
    if not request.person.email:
        return None
    orderer = [f"Besteller: {request.orderer_name}"] if request.orderer_name else []
    positions = "1 Position" if request.positions == 1 else f"{request.positions} Positionen"
    return Mail(
        to=request.person.email,
        subject="Eine Bestellung wartet auf Ihre Freigabe",
        text=paragraphs(
            salutation(request.person.name),
            f"in Ihrem Unternehmen wurde am {moment(request.submitted_at)} eine Bestellung "
            "aufgegeben, die Ihre Freigabe braucht.",
            "\n".join([*orderer, f"Umfang: {positions}, {euros(request.net_cents)} netto"]),
            f"Sie können die Bestellung bis zum {last_day(request.expires_at)} freigeben, ändern "
            "oder ablehnen. Danach verfällt sie.",
        ),
        beside=(person_of(request.dealer, request.user),),
    )


def about_approval(order: OrderPlaced) -> Mail | None:
    has_changed = any(approval.has_changed for approval in order.approvals)
    done = "geändert und freigegeben" if has_changed else "freigegeben"
    now = f" Sie beläuft sich nun auf {amount(order)}." if has_changed else ""
    worth = "" if has_changed else f" über {amount(order)}"
    return to_orderer(
        order.orderer,
        f"Ihre Bestellung {order.order_number} wurde {done}",
        f"Ihre Bestellung vom {submitted_on(order)}{worth} wurde {done}. Sie hat die Nummer "
        f"{order.order_number}.{now}",
    )


def about_change(order: OrderSubmitted) -> Mail | None:
    return to_orderer(
        order.orderer,
        "Ihre Bestellung wurde geändert",
        f"Ihre Bestellung vom {submitted_on(order)} wurde bei der Freigabe geändert. Sie beläuft "
        f"sich nun auf {amount(order)}.",
        f"Sie wartet noch bis zum {last_day(order.expires_at)} auf {waits_for(order)}.",
    )


def waits_for(order: OrderSubmitted) -> str:
    of_customer = "customer" in order.needs
    return "die Freigabe in Ihrem Unternehmen" if of_customer else "die Prüfung durch den Händler"


def about_end(ended: SubmissionEnded) -> Mail | None:
    order = (
        f"Ihre Bestellung vom {german_date(day_of(ended.submitted_at))} über "
        f"{euros(ended.net_cents)} netto"
    )
    match ended.outcome:
        case "rejected":
            reason = [f"Begründung: {ended.note}"] if ended.note else []
            return to_orderer(
                ended.orderer,
                "Ihre Bestellung wurde abgelehnt",
                f"{order} wurde nicht freigegeben.",
                *reason,
            )
        case "expired":
            return to_orderer(
                ended.orderer,
                "Ihre Bestellung ist verfallen",
                f"{order} wurde nicht rechtzeitig freigegeben und ist verfallen. Sie können sie "
                "erneut aufgeben.",
            )
        case "withdrawn" | "changed":
            return None  # their own act, or told with what takes the place of the order


def to_orderer(orderer: Person | None, subject: str, *texts: str) -> Mail | None:
    if orderer is None or not orderer.email:
        return None
    return Mail(orderer.email, subject, paragraphs(salutation(orderer.name), *texts))


def amount(order: PricedOrder) -> str:
    if order.totals is None:
        return f"{euros(order.net_cents)} netto"
    return f"{euros(order.totals.gross_cents)} ({euros(order.totals.net_cents)} netto)"


def submitted_on(order: OrderPlaced | OrderSubmitted) -> str:
    return german_date(day_of(order.approvals[0].submitted_at))


def moment(instant: datetime) -> str:
    local = instant.astimezone(BERLIN)
    return f"{local:%d.%m.%Y} um {local:%H:%M} Uhr"


def last_day(expires_at: datetime) -> str:
    return german_date(day_of(expires_at - timedelta(microseconds=1)))


MAILS = Mails(name="checkout.mails", topics=("checkout",), render=render)
