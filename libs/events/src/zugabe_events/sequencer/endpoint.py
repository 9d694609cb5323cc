"""The sequencer's health and metrics over HTTP; it has nothing else to say."""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from zugabe_events.watching.gauges import Watched


async def serve_health(host: str, port: int) -> web.AppRunner:
    """Until the answer is cleaned up. It is alive while its event loop answers."""
    watched = Watched()

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def metrics(_: web.Request) -> web.Response:
        headers = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        return web.Response(body=await watched.text(), headers=headers)

    app = web.Application()
    app.router.add_get("/livez", alive)
    app.router.add_get("/readyz", alive)
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
