"""A user's newsletter: confirmed by the link of a request, with a voucher per address (X-21)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body, LoggedEvent, instant
from zugabe_verify.rules import owner_of

CONFIRMATION_TTL = timedelta(days=30)
"""Time for which a request can be confirmed."""

PROOF = ("customer", "subscriber", "text_version", "text", "requested_at")
"""The fields of the request that its confirmation repeats."""

OF_ADDRESS = re.compile(r".+/[0-9a-f]{32}")
"""The id of a voucher that the newsletter gave: those of another system have other ids (X-30)."""


@dataclass(slots=True)
class Newsletter:
    """Requests by number, the open one, and confirmations: the address's fingerprint, and when."""

    asked: dict[int, Body] = field(default_factory=dict)
    open: int | None = None
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    vouchers: set[str] = field(default_factory=set)


def check_newsletter(events: Sequence[LoggedEvent], case: Case) -> None:
    """`events` are those of the user's newsletter, followed by those of their wallet."""
    newsletter = Newsletter()
    for event in events:
        body = event.body
        match event.name:
            case "newsletter-subscription-requested":
                newsletter.asked[body["number"]] = body
                newsletter.open = body["number"]
            case "newsletter-subscribed":
                confirm(body, newsletter, case)
            case "newsletter-unsubscribed":
                newsletter.open = None
            case "voucher-issued" if is_of_newsletter(body):
                check_voucher(body, newsletter, case)
            case _:
                pass


def is_of_newsletter(voucher: Body) -> bool:
    is_newsletter: bool = voucher["terms"].get("newsletter", False)
    return is_newsletter and OF_ADDRESS.fullmatch(voucher["voucher_id"]) is not None


def confirm(body: Body, newsletter: Newsletter, case: Case) -> None:
    asked = newsletter.asked.get(body["number"])
    if (
        asked is None
        or newsletter.open != body["number"]
        or any(asked[name] != body[name] for name in PROOF)
        or instant(body["confirmed_at"]) >= instant(asked["requested_at"]) + CONFIRMATION_TTL
    ):
        case.tell("subscription-unfounded", f"nobody could confirm request {body['number']}")
        return
    newsletter.open = None
    newsletter.confirmed.add((asked["fingerprint"], body["confirmed_at"]))


def check_voucher(voucher: Body, newsletter: Newsletter, case: Case) -> None:
    """It was given with a confirmation, by the terms of its campaign."""
    voucher_id, campaign_id, dealer = (
        voucher[name] for name in ("voucher_id", "campaign_id", "dealer")
    )
    if voucher_id in newsletter.vouchers:
        case.tell("voucher-twice", f"{voucher_id} was issued twice to one address")
    newsletter.vouchers.add(voucher_id)
    if (voucher_id.rpartition("/")[2], voucher["placed_at"]) not in newsletter.confirmed:
        case.tell("voucher-unfounded", f"no confirmed subscription gave {voucher_id}")
    terms = case.scope.rules.terms(dealer, campaign_id, voucher["campaign_version"])
    if owner_of(dealer, campaign_id) == dealer and terms != voucher["terms"]:
        case.tell("voucher-unfounded", f"{voucher_id} is not what its campaign grants")
