"""Reasons that a voucher cannot be used, the same for holds and checks (X-6, X-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vouchers.assortment.restriction import Restriction
from vouchers.campaign.discount import Line, is_covered, threshold_value
from vouchers.campaign.terms import is_issued, uses_per_user
from vouchers.wallet.state import Grace, Wallet
from zugabe_events.contracts.vouchers import CampaignTerms
from zugabe_events.domain.calendar import day_of, german_date
from zugabe_events.domain.errors import RefusedError
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros


@dataclass(frozen=True, slots=True)
class Use:
    """A campaign to use for a cart; `placed_at` is the order's business time.

    `voucher_code` is the code as it was entered. `restriction` is the one of the terms.
    `lent_voucher_id` is the voucher of another user of the customer, which allows the use.
    `is_ended`: the campaign was ended. `unique_code` is the number of a unique code.
    """

    voucher_code: str
    dealer: str
    customer: str
    user: str
    campaign_id: str
    campaign_version: int
    terms: CampaignTerms
    lines: tuple[Line, ...]
    placed_at: datetime
    restriction: Restriction | None = None
    lent_voucher_id: str | None = None
    is_ended: bool = False
    unique_code: int | None = None


class NotUsableError(RefusedError):
    """A rule of the campaign forbids the use; `code` says which."""


class OverError(NotUsableError):
    """The campaign is over for all but those to whom a use was given back."""


class AttemptOverError(RefusedError):
    """This attempt of the checkout has ended; nothing can be held for it any more (X-1)."""

    code = "attempt-over"

    def __init__(self) -> None:
        super().__init__("Dieser Versuch, die Bestellung abzuschließen, ist bereits beendet.")


def about[Refusal: RefusedError](voucher_code: str, refusal: Refusal) -> Refusal:
    """The refusal, which names the code that it is about."""
    refusal.facts = {**refusal.facts, "voucher_code": voucher_code}
    return refusal


def code_unknown() -> RefusedError:
    return NotUsableError("Diesen Gutscheincode gibt es nicht.", code="code-unknown")


def same_campaign() -> RefusedError:
    return NotUsableError(
        "Von dieser Aktion gilt je Bestellung nur ein Gutscheincode.", code="code-of-same-campaign"
    )


def not_active() -> RefusedError:
    return NotUsableError("Diese Gutscheinaktion läuft nicht.", code="campaign-not-active")


def paused() -> RefusedError:
    return NotUsableError("Diese Gutscheinaktion ist zurzeit angehalten.", code="campaign-paused")


def left() -> RefusedError:
    """Of a central campaign, which goes on at other dealers (Q21)."""
    return NotUsableError(
        "An dieser Gutscheinaktion nimmt dieser Shop nicht mehr teil.", code="participation-ended"
    )


def objections(use: Use, order_id: str | None, wallet: Wallet) -> list[RefusedError]:
    """All refusals except those of limits that the user shares with others."""
    refusals = (
        None if grace_of(use, order_id, wallet) else out_of_time(use),
        not_issued(use, wallet),
        used_up(use.campaign_id, use.terms, order_id, wallet),
        too_little(use.terms, use.lines),
        nothing_eligible(use),
    )
    return [about(use.voucher_code, refusal) for refusal in refusals if refusal is not None]


def out_of_time(use: Use) -> RefusedError | None:
    """Days are inclusive and in Berlin (Q11, X-11)."""
    first, last = use.terms.valid_from, use.terms.valid_until
    if day_of(use.placed_at) < first:
        return NotUsableError(
            f"Dieser Gutschein gilt erst ab dem {german_date(first)}.",
            code="not-yet-valid",
            valid_from=first.isoformat(),
        )
    if use.is_ended:
        return OverError("Diese Gutscheinaktion ist beendet.", code="campaign-ended")
    if is_over(use):
        return OverError(
            f"Dieser Gutschein galt bis zum {german_date(last)}.",
            code="expired",
            valid_until=last.isoformat(),
        )
    return None


def is_over(use: Use) -> bool:
    return use.is_ended or use.terms.valid_until < day_of(use.placed_at)


def grace_of(use: Use, order_id: str | None, wallet: Wallet) -> Grace | None:
    """The use that was given back after the campaign's end and is used now (X-2)."""
    if not is_over(use):
        return None
    return wallet.grace_of(use.campaign_id, day_of(use.placed_at), order_id)


def not_issued(use: Use, wallet: Wallet) -> RefusedError | None:
    """An issued code works only for those who were issued it (Q6)."""
    if not is_issued(use.terms):
        return None
    voucher = wallet.voucher_of(use.campaign_id)
    if voucher is None:
        if use.lent_voucher_id is not None:
            return None
        if use.campaign_id in wallet.revoked:
            return forfeited()
        return NotUsableError(
            "Dieser Gutschein wurde nicht für Sie ausgestellt.", code="not-issued"
        )
    return forfeited() if voucher.is_charged else None


def forfeited() -> RefusedError:
    """The order that earned the voucher was cancelled (Q7)."""
    return NotUsableError(
        "Dieser Gutschein gilt nicht mehr, da die Bestellung, durch die Sie ihn erhalten haben, "
        "storniert oder zurückgegeben wurde.",
        code="voucher-forfeited",
    )


def used_up(
    campaign_id: str, terms: CampaignTerms, order_id: str | None, wallet: Wallet
) -> RefusedError | None:
    limit = uses_per_user(terms)
    if limit is None or wallet.uses(campaign_id, order_id) < limit:
        return None
    return NotUsableError(
        "Sie haben diesen Gutschein bereits verwendet."
        if limit == 1
        else f"Sie können diesen Gutschein {thousands(limit)} Mal verwenden und haben das bereits "
        "getan.",
        code="user-limit",
        max_uses=limit,
        remaining_uses=0,
    )


def too_little(terms: CampaignTerms, lines: Sequence[Line]) -> RefusedError | None:
    """The goods value counts, before any discount; reaching the minimum suffices (Q2)."""
    missing = terms.minimum_cents - threshold_value(lines)
    if missing <= 0:
        return None
    return NotUsableError(
        f"Der Mindestbestellwert von {euros(terms.minimum_cents)} netto ist nicht erreicht: "
        f"Es fehlen {euros(missing)}.",
        code="minimum-not-reached",
        missing_cents=missing,
        minimum_cents=terms.minimum_cents,
    )


def nothing_eligible(use: Use) -> RefusedError | None:
    """The voucher needs an article that it applies to (VO-21, Q1)."""
    covered = [line for line in use.lines if is_covered(line, use.restriction)]
    if not covered and use.restriction is not None:
        articles = use.restriction.articles_named()
        return NotUsableError(
            f"Dieser Gutschein gilt nur für {articles}. In Ihrem Warenkorb ist kein solcher "
            "Artikel.",
            code="nothing-matches",
            applies_to=articles,
        )
    if not covered or any("vouchers" not in line.excluded for line in covered):
        return None
    articles = "Artikel in Ihrem Warenkorb"
    return NotUsableError(
        f"Für die {articles} gelten keine Gutscheine."
        if use.restriction is None
        else f"Für die {articles}, auf die sich dieser Gutschein bezieht, gelten keine Gutscheine.",
        code="nothing-eligible",
    )


def nothing_to_pay() -> RefusedError:
    """A use is not spent on an amount of 0,00 €."""
    return NotUsableError(
        "Es gibt nichts zu bezahlen, was der Gutschein mindern könnte.", code="nothing-to-pay"
    )


def not_combinable(code: str, other: str) -> RefusedError:
    return NotUsableError(
        f"Die Gutscheine „{code}“ und „{other}“ können nicht zusammen verwendet werden.",
        code="not-combinable",
        other_code=other,
    )
