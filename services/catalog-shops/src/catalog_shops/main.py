"""The environment, the real parts, and the process of catalog-shops."""

from fastapi import FastAPI

from catalog_shops.app import create_app
from zugabe_events.envelope import EventTypes
from zugabe_events.hosting import Host
from zugabe_events.process import run as run_service
from zugabe_events.service import Service, ServiceSettings

SERVICE = Service("catalog-shops", own=EventTypes([]), heard=EventTypes([]))


class Settings(ServiceSettings):
    """What catalog-shops reads from its environment."""


def build(host: Host) -> FastAPI:
    return create_app(ready=host.ready)


def run() -> None:
    run_service(SERVICE, Settings, build)
