"""Descriptions of fields, parameters and groups of routes, for the API's document."""

from zugabe_events.http.api_words import ApiWords

WORDS = ApiWords(
    fields={
        "Zugabe-Cart-Key": "The key of an anonymous cart, told once when it was opened.",
        "above_cents": (
            "Net value in cents above which an order needs approval by the rule `above`."
        ),
        "after_sales": (
            "Rules of cancelling and returning that were in force when the order was placed."
        ),
        "alarm_after_cancellations": (
            "Number of a user's cancellations after which staff is alarmed; null for never."
        ),
        "approval": "Rule by which orders of the customer need approval.",
        "approval_days": "Days that a submitted order waits for approval before it expires.",
        "approvals": "Approvals that were given so far.",
        "approved_at": "Time at which it was approved.",
        "approver": "The user, or the dealer's staff, that approved it.",
        "because": "The reason in German.",
        "buyers_cancel_until": "State of the order until which its buyer may cancel it.",
        "cancelled": "Number of orders that were cancelled.",
        "cancelled_because": "Reason of the cancellation, in German.",
        "cancelled_goods_cents": "Net value in cents before discounts of cancelled orders.",
        "cancelled_net_cents": "Net value in cents after discounts of cancelled orders.",
        "cancelled_note": "Note on the cancellation; sealed, shown to who may see it.",
        "cancelled_reason": "Code of the cancellation's reason, from a list.",
        "cart": "The cart that the content or the answer is about.",
        "cart_id": "Id of the cart.",
        "cart_version": (
            "Version of the cart on the server that is ordered; another one is refused."
        ),
        "cost_cents": "Net cost in cents.",
        "country": "Country, two letters by ISO 3166.",
        "day_goods_cents": "Net value in cents of the user's goods of that day, before discounts.",
        "delivered_at": "Time at which it was delivered; null before.",
        "ended_by": "Id of who ended it; empty if its time was over.",
        "facts": "Numbers that the refusal goes by.",
        "follows": "German sentence if codes follow by mail; empty if they are all there (CH-8).",
        "free_because": "Reason why shipping is free; empty if it is not.",
        "free_from_cents": (
            "Net value of goods in cents from which shipping is free; null for never."
        ),
        "from": "The anonymous cart that is added.",
        "from_catalogue": (
            "Data of the catalogue at the time of the order; null at a price of the caller."
        ),
        "full_return_cancels": "True if a return of everything counts as a cancellation.",
        "fully_returned": "Number of orders that were returned as a whole.",
        "gift_choices": "Pieces that can be chosen besides.",
        "gift_mode": "`per`: for each X euro („je“); `from`: from X euro on („ab“) (GA-13).",
        "gifts_below_limit": "Fate of gifts when a return takes the order below their limit.",
        "gross_cents": "Amount to pay in cents, with VAT.",
        "has_changed": "True if the approver changed the order or accepted other prices.",
        "if_refused": "To refuse the order if a code or reward is refused, or to place it without.",
        "imported": "True if it was imported as an order of the past (X-30).",
        "is_automatic": "True if the gift was added without a choice (GA-15).",
        "is_cancellation": "True if the return counts as a cancellation.",
        "is_complete": "True if nothing is left.",
        "missing_to_free_shipping_cents": (
            "Net value of goods in cents that is missing to free shipping; null if nothing "
            "makes it free."
        ),
        "more_codes": "Further voucher codes, for campaigns that combine.",
        "more_vouchers": "Further vouchers, in the order in which they were applied.",
        "next_gift": "The gift that comes next into reach; null if there is none.",
        "note": "Note for people; sealed if it is about a person.",
        "noticed_at": "Time at which staff was alarmed last; null if never.",
        "offered": "The code or reward that was refused.",
        "ordered": "Quantity that was ordered.",
        "orderer": "The person who ordered, as letters address them.",
        "placed_until": "Orders placed up to this instant.",
        "points_available": "Points that the user can redeem now (CH-5).",
        "points_on": "State of the order from which on its points count.",
        "positions": "Number of lines.",
        "price_amount": "Net price in euro for `price_quantity` units, a decimal.",
        "price_quantity": "Units that the price is for.",
        "price_source": (
            "Origin of the price: agreed with the customer, the dealer's, central, or the caller's."
        ),
        "price_version": "Version of the prices.",
        "priced": "The priced cart; null if no line can be priced.",
        "problems": "Obstacles to ordering the cart, line by line.",
        "quote": "Token of a quote: what was quoted is charged, or the order is refused.",
        "rate": "VAT rate in basis points: 1,900 is 19 %.",
        "refusals": "Refused codes and rewards, counted by code.",
        "removed_gifts": "Ids of gifts that the user took out, so that they are not added again.",
        "results": "One result for each entry, in the order of the request.",
        "return_days": "Days after delivery in which lines can be returned.",
        "return_id": "Id of the return, chosen by the caller.",
        "returned_at": "Time at which it was returned.",
        "returned_before": "Quantity that earlier returns brought back.",
        "returned_goods_cents": "Net value in cents before discounts of what came back.",
        "returned_net_cents": "Net value in cents after discounts of what came back.",
        "returns": "Returns, or how many.",
        "review_day_cents": (
            "Net value in cents of a user's orders of a day above which a person looks (S1); "
            "null for never."
        ),
        "review_order_cents": (
            "Net value in cents of an order above which a person looks (S1); null for never."
        ),
        "reward_discount_cents": "Discounts of rewards in cents.",
        "rewards_redeemed": "Number of rewards that were redeemed.",
        "shipment_id": "Id of the shipment, chosen by the caller.",
        "shipments": "Shipments, in their order.",
        "shipped_at": "Time at which it left the warehouse.",
        "shipping": "Shipping.",
        "submitted_at": "Time at which it was submitted.",
        "tax_cents": "VAT in cents.",
        "tax_rate": "VAT rate in basis points: 1,900 is 19 %.",
        "taxes": "VAT by rate.",
        "totals": "Net, VAT by rate, and gross.",
        "unit_cents": "Net price of one unit in cents.",
        "unshipped": "True if the lines are taken back before they leave the warehouse.",
        "usual_cents": "Net cost in cents if shipping were not free.",
        "voucher": "The voucher; null if there is none.",
        "voucher_code": "Code of the voucher, as people entered it.",
        "voucher_discount_cents": "Discounts of vouchers in cents.",
        "vouchers_on": "State of the order from which on its vouchers are issued.",
        "vouchers_redeemed": "Number of vouchers that were redeemed.",
        "vouchers_run": "True if a code can be entered at all (CH-1).",
    },
    tags={
        "approval": "Orders that wait for approval.",
        "buyer": "Orders of each user, in sums.",
        "cart": "Carts on the server, priced with every change.",
        "order": "Orders: placing, cancelling, shipping, returning.",
        "quote": "Prices of a cart, promised for a while.",
        "terms": "Terms of sale and rules of approval.",
    },
)
