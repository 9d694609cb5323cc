"""Templates of pages: everything they print is escaped, and a name they misspell is an error."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from zugabe_events.domain.german_numbers import thousands
from zugabe_web import labels
from zugabe_web.assets import Assets
from zugabe_web.partner.places import place_of

BERLIN = ZoneInfo("Europe/Berlin")


def environment(assets: Assets, organisation: str) -> Environment:
    templates = Environment(
        loader=PackageLoader("zugabe_web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters |= {
        "day": day,
        "thousands": thousands,
        "size": size,
        "counted": counted,
        "moment": moment,
        "platform": platform,
        "place": place_of,
    }
    templates.globals |= {
        "asset": assets.url,
        "new_key": lambda: str(uuid4()),
        "labels": labels,
        "organisation": organisation,
        "manager": None,
        "person": "",
        "here": "",
        "partner_name": "",
    }
    return templates


def day(moment: date | datetime | None) -> str:
    """Such as 30.11.2026, in Berlin."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(BERLIN).date()
    return moment.strftime("%d.%m.%Y") if moment else ""


def size(size_bytes: int) -> str:
    if size_bytes < 1_000:
        return f"{size_bytes} Byte"
    if size_bytes < 1_000_000:
        return f"{round(size_bytes / 1_000)} KB"
    return f"{size_bytes / 1_000_000:.1f} MB".replace(".", ",")


def counted(count: int, one: str, many: str) -> str:
    """„ein Artikel“ is up to the sentence; this is `1 Artikel` or `2 Artikel`."""
    return f"{thousands(count)} {one if count == 1 else many}"


def platform(name: str) -> str:
    return labels.PLATFORMS.get(name, name.replace("-", " ").title())


def moment(at: datetime) -> str:
    """Such as 30.11.2026, 14:05 Uhr, in Berlin."""
    return at.astimezone(BERLIN).strftime("%d.%m.%Y, %H:%M Uhr")
