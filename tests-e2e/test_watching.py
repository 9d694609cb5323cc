"""One request can be followed to its last effect, and seen from outside."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from stories.dealer import Dealer, Person, cart, line

from zugabe.supervisor import Stack
from zugabe_events.mongo.client import connect
from zugabe_testing.eventually import eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
CORRELATION = "a-request-of-a-shop"


@pytest.fixture
async def shop(dealer: Dealer) -> Dealer:
    await dealer.campaign("spring", "TEN", max_uses=5)
    await dealer.programme(reward_points=100, reward_cents=500)
    return dealer


async def order(person: Person, order_id: str, http: httpx.AsyncClient) -> None:
    answer = await http.put(
        person.url("checkout", f"/orders/{order_id}"),
        json=cart(line(20_000), voucher_code="TEN"),
        headers={
            "Authorization": f"Bearer {person.bearer}",
            "X-Correlation-Id": CORRELATION,
            "traceparent": PARENT,
        },
    )
    assert answer.status_code == 201, answer.text


async def commits(stack: Stack, service: str, dealer: str) -> Sequence[Mapping[str, Any]]:
    client = connect(stack.addresses["mongod"])
    try:
        wanted = {"dealer": dealer, "correlation": CORRELATION}
        return await client[service].commits.find(wanted).to_list()
    finally:
        await client.close()


def events(found: Sequence[Mapping[str, Any]]) -> set[str]:
    return {event["name"] for commit in found for event in commit["events"]}


async def test_the_trace_of_a_request_stands_at_every_effect_in_every_service(
    shop: Dealer, zugabe: Stack
) -> None:
    """X-13: over HTTP to the peers, over Kafka to their policies, and on from there."""
    await order(shop.user("anna"), "a-1", shop.http)

    async def arrived() -> None:
        told = {
            "checkout": {"holds-asked", "order-placed"},
            "vouchers": {"voucher-held", "use-counted", "voucher-redeemed"},
            "bonus": {"points-accrued"},
        }
        for service, names in told.items():
            found = await commits(zugabe, service, shop.name)
            assert names <= events(found), (service, events(found))
            assert {commit["traceparent"].split("-")[1] for commit in found} == {TRACE}

    await eventually(arrived)


async def test_every_process_shows_its_metrics(shop: Dealer, zugabe: Stack) -> None:
    await order(shop.user("berta"), "b-1", shop.http)

    async def seen(process: str) -> dict[str, list[Any]]:
        answer = await shop.http.get(f"{zugabe.addresses[process]}/metrics")
        found = {
            family.name: family.samples for family in text_string_to_metric_families(answer.text)
        }
        assert answer.status_code == 200
        assert shop.name not in answer.text
        return found

    shared = {
        "zugabe_commits",
        "zugabe_events_written",
        "zugabe_append_group_size",
        "zugabe_consumer_messages",
        "zugabe_consumer_conflicts",
        "zugabe_consumer_retries",
        "zugabe_consumer_lag_events",
        "zugabe_consumer_holes",
        "zugabe_oldest_unsequenced_seconds",
        "zugabe_unacknowledged_events",
        "zugabe_http_request_seconds",
    }
    alarms = {"zugabe_alarms_open", "zugabe_alarm_delay_seconds"}
    mails = {"zugabe_mails", "zugabe_outbox_waiting", "zugabe_outbox_wait_seconds"}
    for process, wanted in (
        ("checkout", shared | alarms),
        ("vouchers", shared | mails),
        ("bonus", shared),
        ("sequencer", {"zugabe_sequencer_terms", "zugabe_sequenced_events", "zugabe_sent_events"}),
    ):
        assert wanted <= set(await seen(process)), process

    async def caught_up() -> None:
        """`vouchers` consumes others, whose heads only they know."""
        lag = (await seen("vouchers"))["zugabe_consumer_lag_events"]
        assert {one.labels["log"] for one in lag} == {"vouchers", "checkout", "catalog-shops"}
        assert sum(one.value for one in lag) == 0

    await eventually(caught_up)


class Collector:
    """Takes spans over OTLP, as any backend would."""

    def __init__(self) -> None:
        self.url = ""
        self.spans: list[tuple[str, Any]] = []

    async def take(self, request: web.Request) -> web.Response:
        told = ExportTraceServiceRequest.FromString(await request.read())
        for resource in told.resource_spans:
            named = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                self.spans += [(named["service.name"], span) for span in scope.spans]
        return web.Response()


@asynccontextmanager
async def recorded(stack: Stack, *services: str) -> AsyncGenerator[Collector]:
    """The services record spans meanwhile."""
    collector = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", collector.take)
    async with TestServer(app) as server:
        collector.url = str(server.make_url("")).rstrip("/")
        env = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        await restarted(stack, services, env)
        try:
            yield collector
        finally:
            await restarted(stack, services, {})


async def restarted(stack: Stack, services: Sequence[str], env: Mapping[str, str]) -> None:
    async def again(name: str) -> None:
        await stack.stop_process(name)
        await stack.start_process(name, extra_env=env)

    await asyncio.gather(*map(again, services))


async def test_spans_lead_from_the_request_through_kafka_to_the_effect(
    shop: Dealer, zugabe: Stack
) -> None:
    async with recorded(zugabe, "checkout", "vouchers") as collector:
        await order(shop.user("carla"), "c-1", shop.http)

        async def arrived() -> None:
            spans = {
                span.span_id: (service, span)
                for service, span in collector.spans
                if span.trace_id.hex() == TRACE
            }

            def way_to(service: str, name: str) -> list[tuple[str, str]]:
                way = []
                found = [one for one in spans.values() if (one[0], one[1].name) == (service, name)]
                assert found, (name, [(one[0], one[1].name) for one in spans.values()])
                step: Any = found[0]
                while step:
                    way.append((step[0], step[1].name))
                    step = spans.get(step[1].parent_span_id)
                return way

            placing = ("checkout", "PUT /dealers/{dealer}/orders/{order_id}")
            holding = way_to("vouchers", "PUT /dealers/{dealer}/holds/{order_id}/{attempt}")
            assert [service for service, _ in holding] == ["vouchers", "checkout", "checkout"]
            assert holding[-1] == placing
            redeeming = way_to("vouchers", "vouchers.orders order-placed")
            assert redeeming[-1] == placing
            showing = way_to("vouchers", "vouchers.redeemed voucher-redeemed")
            assert ("vouchers", "vouchers.orders order-placed") in showing
            assert showing[-1] == placing

        await eventually(arrived)
        assert not any("TEN" in str(span) for _, span in collector.spans)
