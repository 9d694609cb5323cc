"""An order and an upload, by the client that openapi-python-client makes."""

import json
import os
import sys
from io import BytesIO

from checkout_client import AuthenticatedClient as Checkout
from checkout_client.api.order import cancel_order, list_orders, place_order
from checkout_client.models import CancellationBody, OrderBody
from vouchers_client import AuthenticatedClient as Vouchers
from vouchers_client.api.article_list import from_file
from vouchers_client.types import File

task = json.loads(os.environ["TASK"])
dealer = task["dealer"]
checkout = Checkout(base_url=task["checkout"], token=task["user_token"])
body = OrderBody.from_dict(task["order"])
placed, again = (
    place_order.sync_detailed(dealer, "o-1", client=checkout, body=body) for _ in range(2)
)
listed = list_orders.sync(
    dealer, client=checkout, user="anna", zugabe_token=placed.headers["Zugabe-Token"]
)
cancelled = cancel_order.sync_detailed(
    dealer,
    "o-1",
    client=checkout,
    body=CancellationBody.from_dict({"reason": "ordered-twice"}),
)
vouchers = Vouchers(base_url=task["vouchers"], token=task["staff_token"])
table = File(BytesIO(b"Artikelnummer\n0017\n4711\n"), "liste.csv", "application/octet-stream")
uploaded = from_file.sync(dealer, client=vouchers, body=table, dry_run=False)
sys.stdout.write(
    json.dumps(
        {
            "statuses": [placed.status_code, again.status_code, cancelled.status_code],
            "numbers": [placed.parsed.order_number, again.parsed.order_number],
            "listed": [order.order_id for order in listed.items],
            "uploaded": uploaded.articles,
        }
    )
)
