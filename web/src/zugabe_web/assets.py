"""Static files under names that contain a hash of their content, so that browsers keep them."""

import gzip
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, Request, Response

from zugabe_web.errors import NoSuchPageError

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
FOR_A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    content: bytes
    compressed: bytes
    media_type: str


class Assets:
    def __init__(self) -> None:
        self._urls: dict[str, str] = {}
        self._assets: dict[str, Asset] = {}
        for file in (files("zugabe_web") / "static").iterdir():
            path = PurePath(file.name)
            if path.suffix in MEDIA_TYPES:
                content = file.read_bytes()
                name = f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}"
                compressed = gzip.compress(content, mtime=0)
                self._assets[name] = Asset(content, compressed, MEDIA_TYPES[path.suffix])
                self._urls[file.name] = f"/static/{name}"

    def url(self, name: str) -> str:
        return self._urls[name]

    def router(self) -> APIRouter:
        router = APIRouter()

        @router.get("/static/{name}")
        async def get_asset(request: Request, name: str) -> Response:
            asset = self._assets.get(name)
            if asset is None:
                raise NoSuchPageError
            headers = {"Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
            content = asset.content
            if "gzip" in request.headers.get("Accept-Encoding", ""):
                content, headers["Content-Encoding"] = asset.compressed, "gzip"
            return Response(content, headers=headers, media_type=asset.media_type)

        return router
