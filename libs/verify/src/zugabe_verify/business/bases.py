"""The lines that each voucher of an order applies to, and what it was calculated on."""

from zugabe_verify.business.orders import Order
from zugabe_verify.business.scope import Case
from zugabe_verify.records import Body
from zugabe_verify.rules import Rules


def check_bases(order_id: str, order: Order, case: Case) -> None:
    """A voucher's base is what earlier ones left of the lines that its terms name, and no other
    line has a share of its discount."""
    if order.placed is None:
        return
    body, rules = order.placed.body, case.scope.rules
    left = [
        0 if "vouchers" in line.get("excluded", ()) else line["net_cents"] for line in body["lines"]
    ]
    for hold_id, voucher in order.vouchers.items():
        campaign, shares = voucher["campaign_id"], voucher["shares"]
        terms = rules.terms(body["dealer"], campaign, voucher["campaign_version"])
        if terms is None or len(shares) != len(left):
            return  # another check names it
        wanted = terms.get("assortment")
        covered = [
            wanted is None or covers(rules, body["dealer"], wanted, line) for line in body["lines"]
        ]
        base = sum(cents for cents, applies in zip(left, covered, strict=True) if applies)
        if base != voucher["base_cents"]:
            what = f"{hold_id} of order {order_id} is calculated on {voucher['base_cents']} cents"
            case.tell("base-wrong", f"{what}; its campaign applies to {base}")
        if any(share and not applies for share, applies in zip(shares, covered, strict=True)):
            what = f"{hold_id} of order {order_id} takes something off a line"
            case.tell("base-wrong", f"{what} that its campaign does not apply to")
        left = [cents - share for cents, share in zip(left, shares, strict=True)]


def covers(rules: Rules, dealer: str, wanted: Body, line: Body) -> bool:
    """True if the line's article matches every part of the assortment (VO-20)."""
    said = line.get("from_catalogue")
    groups = said["groups"] if said else [line.get("product_group", "")]
    media = said["media"] if said else []
    list_id = wanted.get("article_list")
    return (
        (not wanted.get("brands") or line.get("brand", "") in wanted["brands"])
        and (not wanted.get("groups") or any(group in wanted["groups"] for group in groups))
        and (wanted.get("medium") is None or wanted["medium"] in media)
        and (list_id is None or line["article"] in rules.articles(dealer, list_id))
    )
