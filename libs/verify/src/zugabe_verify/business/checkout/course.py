"""Orders as their streams tell them: submitted, placed, shipped, returned or cancelled."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zugabe_verify.business.checkout.discount_shares import wrong_shares
from zugabe_verify.business.checkout.fulfilled import Fulfilled
from zugabe_verify.business.checkout.gifts import wrong_gifts
from zugabe_verify.business.checkout.returns import wrong_return
from zugabe_verify.business.checkout.shipments import wrong_shipment
from zugabe_verify.business.checkout.totals import wrong_totals
from zugabe_verify.findings import Findings
from zugabe_verify.records import Body, LoggedEvent

STEPS = {
    "order-confirmed",
    "order-shipped",
    "order-delivered",
    "return-period-ended",
    "order-returned",
    "order-cancelled",
}


@dataclass(slots=True)
class Course:
    """`waiting` is the attempt that was submitted and has not ended, `ended` are those before."""

    waiting: int | None = None
    ended: set[int] = field(default_factory=set)
    order: Fulfilled | None = None


def check_courses(events: Iterable[LoggedEvent], findings: Findings) -> None:
    """The events of each stream come in the order of their versions."""
    courses: dict[str, Course] = {}
    for event in events:
        course = courses.setdefault(event.stream, Course())
        for kind, wrong in problems(event, course):
            findings.add(kind, "checkout", event.stream, wrong)
        take(event, course)


def problems(event: LoggedEvent, course: Course) -> Iterator[tuple[str, str]]:
    """Kinds of findings and sentences about an event, before it is folded."""
    body = event.body
    if event.name in ("order-submitted", "order-placed"):
        yield from (("order-totals", wrong) for wrong in wrong_totals(body))
        yield from (("order-shares", wrong) for wrong in wrong_shares(body))
        yield from (("order-gifts", wrong) for wrong in wrong_gifts(body))
    if event.name in ("holds-asked", "order-submitted", "order-placed", "submission-ended"):
        yield from (("order-course", wrong) for wrong in wrong_attempt(event, course))
    if event.name not in STEPS:
        return
    yield from (("order-course", wrong) for wrong in wrong_step(event, course.order))
    if course.order is None or course.order.is_cancelled:
        return
    if event.name == "order-shipped":
        yield from (("shipment-wrong", wrong) for wrong in wrong_shipment(body, course.order))
    if event.name == "order-returned":
        back = f"return {body['return_id']}"
        yield from (
            ("return-wrong", f"{back}: {wrong}") for wrong in wrong_return(body, course.order)
        )


def wrong_attempt(event: LoggedEvent, course: Course) -> Iterator[str]:
    """A submission has one end: it is placed as it is, or ended; nothing else begins before."""
    attempt = event.body["attempt"]
    if event.name == "submission-ended":
        if course.waiting != attempt:
            yield f"the submission of attempt {attempt} ended, and did not wait"
        return
    if course.waiting is not None and (event.name == "holds-asked" or course.waiting != attempt):
        yield f"attempt {attempt} came while the submission of {course.waiting} waited"
    if attempt in course.ended:
        yield f"attempt {attempt} went on, whose submission had ended"
    if course.order and event.name != "order-placed":
        yield f"attempt {attempt} came after the order was placed"


def wrong_step(event: LoggedEvent, order: Fulfilled | None) -> Iterator[str]:
    if order is None:
        yield f"{event.name} came before the order was placed"
    elif order.is_cancelled:
        yield f"{event.name} came after the order was cancelled"
    elif event.name == "order-cancelled" and (order.shipments or order.returns):
        yield "it was cancelled after parts of it had left or come back"


def take(event: LoggedEvent, course: Course) -> None:
    body: Body = event.body
    match event.name:
        case "order-submitted":
            course.waiting = body["attempt"]
        case "submission-ended":
            course.waiting = None
            course.ended.add(body["attempt"])
        case "order-placed":
            course.waiting, course.order = None, Fulfilled.of(body)
        case "order-shipped" if course.order:
            course.order.ship(body)
        case "order-returned" if course.order:
            course.order.take_back(body)
        case "order-cancelled" if course.order:
            course.order.is_cancelled = True
        case _:
            pass
