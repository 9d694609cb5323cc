"""The graphic of campaigns that have none of their own (VO-37)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from zugabe_events.contracts.vouchers import VoucherGraphic
from zugabe_events.files.kinds import checked_picture


@dataclass(frozen=True, slots=True)
class DefaultGraphic:
    graphic: VoucherGraphic
    content: bytes


@cache
def default_graphic() -> DefaultGraphic:
    picture = checked_picture(files("vouchers.graphic").joinpath("default.png").read_bytes())
    content, kind = picture.file.content, picture.file.media_type
    graphic = VoucherGraphic(picture.file.sha256, kind, picture.width, picture.height, len(content))
    return DefaultGraphic(graphic, content)
