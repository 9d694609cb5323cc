"""Settings, real parts and process of onboarding."""

from dataclasses import replace
from datetime import timedelta
from typing import Self

from fastapi import FastAPI
from pydantic import Field, model_validator

from onboarding.access import RIGHTS
from onboarding.app import Wishes, create_app, read_models_of
from onboarding.brand.api import Platform
from onboarding.brand.decider import BRAND_DECIDER
from onboarding.contact.api import CONTACT_RIGHTS, contacts_api
from onboarding.contact.erasure import ERASURE
from onboarding.contact.reach_api import reach_api
from onboarding.document.decider import DOCUMENT_DECIDER
from onboarding.file_import.decider import FILE_IMPORT_DECIDER
from onboarding.form.decider import FORM_DECIDER
from onboarding.form.definition import DEFINITION_DECIDER
from onboarding.mail.render import ORGANISATION, mails_of
from onboarding.material.amazon import REGISTRY, Administrators, amazon_hint
from onboarding.material.catalogue import MaterialFile, read_material, refuse_placeholders
from onboarding.material.decider import MATERIAL_DECIDER
from onboarding.partner.decider import PARTNER_DECIDER
from onboarding.partner.entrance import Entrance
from onboarding.partner.link import Environment, Links, LinkSecretFile, secrets_in
from onboarding.product_type.decider import PRODUCT_TYPE_DECIDER
from onboarding.subscriptions import MAILS, POLICIES, READ_MODELS, TIMERS
from onboarding.warehouse.decider import WAREHOUSE_DECIDER
from zugabe_events.cli.service import run as run_service
from zugabe_events.contracts.onboarding import OnboardingEvent
from zugabe_events.domain.event import EventTypes
from zugabe_events.files.scanner import scanner_at
from zugabe_events.files.store import MongoFiles, deploy_files
from zugabe_events.http.fields import Text
from zugabe_events.runtime.host import Host
from zugabe_events.runtime.service import Service, UploadSettings, now
from zugabe_events.runtime.setting_types import HttpUrl

DOCUMENT_BUCKET = "documents"

SERVICE = Service(
    "onboarding",
    own=EventTypes.of(OnboardingEvent),
    event_types=EventTypes.of(OnboardingEvent),
    deciders=(
        BRAND_DECIDER,
        DOCUMENT_DECIDER,
        FILE_IMPORT_DECIDER,
        FORM_DECIDER,
        DEFINITION_DECIDER,
        MATERIAL_DECIDER,
        PARTNER_DECIDER,
        PRODUCT_TYPE_DECIDER,
        WAREHOUSE_DECIDER,
    ),
    policies=POLICIES,
    read_models=READ_MODELS,
    timers=TIMERS,
    mails=MAILS,
    erasure=ERASURE,
    deploy_steps=(deploy_files(DOCUMENT_BUCKET),),
)


class Settings(UploadSettings):
    """The settings of onboarding."""

    amazon_administrators: Administrators | None = None
    """two comma-separated e-mail addresses that partners add as administrators at Amazon"""

    amazon_registry_url: HttpUrl = REGISTRY
    """URL of Amazon's brand registry"""

    link_days: int = Field(365, ge=1, le=1_095)
    """days until the login link of a partner's contact expires"""

    link_secret_file: LinkSecretFile
    """the secrets that sign the links for partners, one a line, each at least 32 bytes: the first
    signs, the others are still accepted"""

    material_file: MaterialFile | None = None
    """JSON file with the explanatory material of each phase, instead of the built-in one, whose
    links are placeholders; required unless the portal is on this machine"""

    platform_preconditions: dict[Platform, tuple[Platform, ...]] = Field(
        {"amazon": ("brand-registration", "administrators")}
    )
    """preconditions of each platform for a brand to go live there, as JSON"""

    organisation: Text = ORGANISATION
    """name of the organisation, as mails to partners show it"""

    portal_url: HttpUrl = "http://127.0.0.1:8106/"
    """URL of the portal as browsers reach it, where the links in mails lead to"""

    session_hours: int = Field(12, ge=1, le=24)
    """hours after which a person has to open their link or sign in again"""

    usual_organisation_days: int = Field(28, ge=0, le=730)
    """usual days of the organisation phase, until five brands have completed it"""

    usual_content_days: int = Field(42, ge=0, le=730)
    """usual days of the content phase, until five brands have completed it"""

    usual_logistics_days: int = Field(21, ge=0, le=730)
    """usual days of the logistics phase, until five brands have completed it"""

    usual_live_days: int = Field(14, ge=0, le=730)
    """usual days of the live phase, until five brands have completed it"""

    @model_validator(mode="after")
    def _has_material_for_partners(self) -> Self:
        """The built-in material has placeholders as links: enough on a developer's machine, but
        nothing that partners can open (ON-3)."""
        refuse_placeholders(self.material_file, self.portal_url)
        return self

    def configured(self, service: Service) -> Service:
        return replace(service, mails=(mails_of(self.organisation),))


def wishes_of(settings: Settings) -> Wishes:
    return Wishes(
        amazon=amazon_hint(settings.amazon_registry_url, settings.amazon_administrators),
        material=read_material(settings.material_file),
        preconditions=settings.platform_preconditions,
        usual_days={
            "organisation": settings.usual_organisation_days,
            "content": settings.usual_content_days,
            "logistics": settings.usual_logistics_days,
            "live": settings.usual_live_days,
        },
    )


def links_of(settings: Settings) -> Links:
    return Links(
        secrets_in(settings.link_secret_file),
        timedelta(days=settings.link_days),
        settings.portal_url,
        Environment(settings.issuer, settings.audience),
        timedelta(hours=settings.session_hours),
    )


def build(host: Host) -> FastAPI:
    settings = host.settings
    assert isinstance(settings, Settings)
    links = links_of(settings)
    host.verify = entrance = Entrance(host.verify, links, host.store, host.people, now)
    assert ERASURE.erase is not None
    access = host.access(CONTACT_RIGHTS)
    host.people_routers = [
        contacts_api(host.store, host.people, ERASURE.erase, host.export, access),
        reach_api(host.store, host.people, host.mail_failures.last, host.access(RIGHTS)),
    ]
    return create_app(
        host.store,
        read_models_of(host.views),
        host.access(RIGHTS),
        host.people,
        links,
        entrance,
        wishes_of(settings),
        MongoFiles(host.db, DOCUMENT_BUCKET),
        scanner_at(settings.clamav),
        ready=host.ready,
    )


def run() -> None:
    run_service(SERVICE, Settings, build)
