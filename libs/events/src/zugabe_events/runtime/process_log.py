"""The first and the last line of a process in its log, and the build that it runs."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from zugabe_events.domain.release import version_of
from zugabe_events.observability.metrics import build_info
from zugabe_events.runtime.settings import PREFIX, EnvironmentSettings

log = logging.getLogger(__name__)


def changed_settings(settings: EnvironmentSettings) -> str:
    """Settings that differ from their defaults, without those that can hold a secret."""
    kind = type(settings)
    values = (
        (name, getattr(settings, name), field.get_default(call_default_factory=True))
        for name, field in kind.model_fields.items()
        if field.repr
    )
    return " ".join(
        f"{PREFIX}{name}".upper() + f"={value}"
        for name, value, default in values
        if value != default
    )


@contextmanager
def logged(program: str, address: str, settings: EnvironmentSettings) -> Generator[None]:
    """Say that the process starts, and when it stops in order."""
    version = version_of(program)
    build_info.info({"program": program, "version": version})
    log.info("%s %s starts at %s with %s", program, version, address, changed_settings(settings))
    yield
    log.info("%s stopped", program)
