"""An order and an upload, by the client that openapi-generator makes."""

import json
import os
import sys

import checkout_client
import vouchers_client

task = json.loads(os.environ["TASK"])
dealer = task["dealer"]
to_checkout = checkout_client.Configuration(host=task["checkout"], access_token=task["user_token"])
orders = checkout_client.OrderApi(checkout_client.ApiClient(to_checkout))
body = checkout_client.OrderBody.from_dict(task["order"])
placed, again = (orders.place_order_with_http_info(dealer, "o-1", body) for _ in range(2))
listed = orders.list_orders(dealer, user="anna", zugabe_token=placed.headers["zugabe-token"])
cancelled = orders.cancel_order_with_http_info(
    dealer, "o-1", checkout_client.CancellationBody(reason="ordered-twice")
)
to_vouchers = vouchers_client.Configuration(host=task["vouchers"], access_token=task["staff_token"])
lists = vouchers_client.ArticleListApi(vouchers_client.ApiClient(to_vouchers))
uploaded = lists.from_file(dealer, b"Artikelnummer\n0017\n4711\n", dry_run=False)
sys.stdout.write(
    json.dumps(
        {
            "statuses": [placed.status_code, again.status_code, cancelled.status_code],
            "numbers": [placed.data.order_number, again.data.order_number],
            "listed": [order.order_id for order in listed.items],
            "uploaded": uploaded.articles,
        }
    )
)
