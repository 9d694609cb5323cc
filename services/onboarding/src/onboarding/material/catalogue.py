"""Explanatory material as operators configure it; all its mistakes are reported at start."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from onboarding.brand.state import PHASES
from zugabe_events.contracts.onboarding import Phase, Step
from zugabe_events.http.fields import Id, Text
from zugabe_events.runtime.setting_types import split

MAX_ITEMS = 500

type Kind = Literal["video", "webinar", "guide", "document", "link"]


def is_secure(url: str) -> str:
    split(url, "https")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("no address that could be a link")
    return url


class Item(BaseModel):
    """Something to see or to read. It is shown from the start of `shown_from` on, which is its
    phase unless it may be seen early; with a `platform` only to who intends to go live there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    title: Text
    kind: Kind
    url: Annotated[str, Field(max_length=2_000), AfterValidator(is_secure)]
    phase: Phase
    step: Step | None = None
    shown_from: Phase | None = None
    platform: Id | None = None

    @property
    def first_phase(self) -> Phase:
        return self.shown_from or self.phase

    @model_validator(mode="after")
    def _fits_its_phase(self) -> Self:
        if PHASES.index(self.first_phase) > PHASES.index(self.phase):
            raise ValueError(f"{self.id} would be shown after its phase {self.phase} began")
        return self


ITEMS = TypeAdapter(Annotated[tuple[Item, ...], Field(max_length=MAX_ITEMS)])


class MaterialError(ValueError):
    """Names every place that is wrong."""


def read_material(file: Path | None) -> Sequence[Item]:
    """Of the file, or what is shipped. Raises MaterialError."""
    try:
        content = file.read_bytes() if file else shipped()
    except OSError as error:
        raise MaterialError("no file that can be read") from error
    try:
        items = ITEMS.validate_json(content)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, mistake['loc'])) or 'file'}: {mistake['msg']}"
            for mistake in error.errors()
        )
        raise MaterialError(wrong) from error
    ids = [item.id for item in items]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise MaterialError(f"more than once: {', '.join(twice)}")
    return items


def shipped() -> bytes:
    return (files("onboarding.material") / "material.json").read_bytes()


PLACEHOLDERS = ("example", "invalid", "test", "example.com", "example.net", "example.org")
"""Hosts and domains that lead nowhere (RFC 2606)."""


def placeholders(items: Sequence[Item]) -> Sequence[str]:
    """Ids of items that no partner could open."""
    return [item.id for item in items if leads_nowhere(urlsplit(item.url).hostname or "")]


def leads_nowhere(host: str) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in PLACEHOLDERS)


def is_local(url: str) -> bool:
    """On this machine, where nobody but developers is served."""
    return (urlsplit(url).hostname or "") in ("127.0.0.1", "::1", "localhost")


def refuse_placeholders(file: Path | None, portal_url: str) -> None:
    """Raise MaterialError if partners would be shown links that lead nowhere (ON-3)."""
    unusable = placeholders(read_material(file))
    if unusable and not is_local(portal_url):
        raise MaterialError(f"material_file has placeholders as links: {', '.join(unusable)}")


def is_material(file: Path) -> Path:
    read_material(file)
    return file


MaterialFile = Annotated[Path, AfterValidator(is_material)]
"""A setting that names a file with material."""
