"""The environment, the real parts, and the process of onboarding."""

from dataclasses import replace
from datetime import timedelta

from fastapi import FastAPI
from pydantic import Field

from onboarding.access import RIGHTS
from onboarding.app import create_app
from onboarding.brand.release_api import Platform
from onboarding.partner.link import Entrance, Links
from onboarding.subscriptions import POLICIES, TIMERS
from zugabe_events.addresses import HttpUrl, SecretFile
from zugabe_events.contracts.onboarding import OnboardingEvent
from zugabe_events.envelope import EventTypes
from zugabe_events.hosting import Host
from zugabe_events.process import run as run_service
from zugabe_events.service import Service, ServiceSettings

SERVICE = Service(
    "onboarding",
    own=EventTypes.of(OnboardingEvent),
    heard=EventTypes.of(OnboardingEvent),
    policies=POLICIES,
    timers=TIMERS,
)


class Settings(ServiceSettings):
    """What onboarding reads from its environment."""

    link_days: int = Field(30, ge=1, le=365)
    """so long a link lets a partner's contact in"""
    link_secret_file: SecretFile
    """at least 32 bytes that sign the links by which partners come in"""
    platform_preconditions: dict[Platform, tuple[Platform, ...]] = Field(
        {"amazon": ("brand-registration", "administrators")}
    )
    """what a platform demands of a brand before it goes live there, as JSON"""
    portal_url: HttpUrl = "http://127.0.0.1:8101/"
    """where links lead partners; behind its `#` stands the token"""


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    access = host.access(RIGHTS)
    secret = settings.link_secret_file.read_text().strip().encode()
    links = Links(secret, timedelta(days=settings.link_days), settings.portal_url)
    entrance = Entrance(access.verify, links, host.store, access.now)
    return create_app(
        host.store,
        replace(access, verify=entrance),
        host.people,
        links,
        preconditions=settings.platform_preconditions,
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
