"""The environment, the real parts, and the process of onboarding."""

from fastapi import FastAPI
from pydantic import Field

from onboarding.access import RIGHTS
from onboarding.app import Shown, Wishes, create_app
from onboarding.board.lead_times import LEAD_TIMES
from onboarding.board.overview import OVERVIEW
from onboarding.board.view import BOARD
from onboarding.form.view import FORM_LISTS
from onboarding.subscriptions import MAILS, POLICIES, READ_MODELS, TIMERS
from onboarding.warehouse.delivery import DELIVERIES
from onboarding.warehouse.view import WAREHOUSES
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
    read_models=READ_MODELS,
    timers=TIMERS,
    mails=MAILS,
)


class Settings(ServiceSettings):
    """What onboarding reads from its environment."""

    usual_organisation_days: int = Field(28, ge=0, le=730)
    """how long the organisation phase takes, until five brands have shown it"""

    usual_content_days: int = Field(42, ge=0, le=730)
    """how long the content phase takes, until five brands have shown it"""

    usual_logistics_days: int = Field(21, ge=0, le=730)
    """how long the logistics phase takes, until five brands have shown it"""

    usual_live_days: int = Field(14, ge=0, le=730)
    """how long going live takes, until five brands have shown it"""


def wishes_of(settings: Settings) -> Wishes:
    return Wishes(
        usual_days={
            "organisation": settings.usual_organisation_days,
            "content": settings.usual_content_days,
            "logistics": settings.usual_logistics_days,
            "live": settings.usual_live_days,
        }
    )


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    shown = Shown(
        board=host.views(BOARD),
        deliveries=host.views(DELIVERIES),
        forms=host.views(FORM_LISTS),
        lead_times=host.views(LEAD_TIMES),
        overview=host.views(OVERVIEW),
        warehouses=host.views(WAREHOUSES),
    )
    return create_app(
        host.store,
        shown,
        host.access(RIGHTS),
        host.people,
        wishes_of(settings),
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
