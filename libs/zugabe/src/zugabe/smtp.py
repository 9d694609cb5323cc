"""A mail server that delivers nothing: every mail becomes an .eml file."""

import asyncio
import itertools
import time
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from zugabe.ports import HOST


class MailFolder:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.count = itertools.count(1)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name for it
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        # Time and number sort files by arrival; the rename makes each appear whole.
        name = f"{time.time_ns()}-{next(self.count):04d}.eml"
        whole = self.folder / name
        partial = whole.with_suffix(".part")
        partial.write_bytes(envelope.original_content or b"")
        partial.rename(whole)
        return "250 OK"


async def serve_smtp(folder: Path, port: int) -> asyncio.Server:
    handler = MailFolder(folder)
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(handler, hostname=HOST), HOST, port)
