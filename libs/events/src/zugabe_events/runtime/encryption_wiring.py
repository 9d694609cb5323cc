"""Encryption of personal data, wired from settings: key store, master key, remote opening."""

import aiohttp

from zugabe_events.encryption.key_service import KeyService
from zugabe_events.encryption.key_store import MongoKeyStore
from zugabe_events.encryption.master_key import Master, MasterFile
from zugabe_events.encryption.personal_data import People
from zugabe_events.encryption.remote_opening import ask_owner_to_open
from zugabe_events.encryption.retention import YEARS
from zugabe_events.http.service_token import ServiceToken
from zugabe_events.mongo.client import Database
from zugabe_events.privacy.disclosures import Disclosures
from zugabe_events.runtime.service import Service, ServiceSettings, now


def people_of(
    service: Service,
    settings: ServiceSettings,
    db: Database,
    http: aiohttp.ClientSession,
    token: ServiceToken,
) -> People:
    """Raises LookupError when the service owns people's keys and has no master key for them."""
    master = master_of(settings, http, token)
    if master is None and service.erasure and service.erasure.erase:
        message = "people's keys need ZUGABE_MASTER_KEY_FILE or ZUGABE_KEY_SERVICE_URL"
        raise LookupError(message)
    opener = ask_owner_to_open(http, settings.url_of, token.bearer)
    years = {**YEARS, **settings.retention_years}
    disclose = Disclosures(db, now).record
    return People(service.name, MongoKeyStore(db), master, opener, disclose=disclose, years=years)


def master_of(
    settings: ServiceSettings, http: aiohttp.ClientSession, token: ServiceToken
) -> Master | None:
    if settings.key_service_url is not None:
        return KeyService(
            settings.key_service_url,
            settings.key_name,
            settings.client_id,
            http,
            token.bearer,
            now,
        )
    return MasterFile(settings.master_key_file) if settings.master_key_file else None
