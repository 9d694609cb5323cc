"""The state directory of a stack: who holds it, where everything listens, keys, data and logs."""

import fcntl
import json
import os
import secrets
import shutil
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

from zugabe.errors import StackError

NEEDED_BYTES = 1024**3
TRIES = 5


class Home:
    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.status_file = self.path / "status.json"
        self.logs = self.path / "logs"
        self.mails = self.path / "mails"
        self.key_file = self.path / "issuer-key.pem"
        self.master_key_file = self.path / "master-keys"
        self._lock: int | None = None

    def take(self, *, fresh: bool) -> None:
        """One stack per home: the lock ends with the process that holds it, however that ends."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not any(self._try_lock() for _ in range(TRIES)):
            self.release()
            sentence = f"A stack is already running in {self.path}; `zugabe down` stops it."
            raise StackError(sentence)
        if shutil.disk_usage(self.path).free < NEEDED_BYTES:
            self.release()
            sentence = f"Less than 1 GiB of disk space is free for {self.path}; make room first."
            raise StackError(sentence)
        self.status_file.unlink(missing_ok=True)  # of a stack that was killed
        if fresh:
            for folder in (self.path / "data", self.mails):
                shutil.rmtree(folder, ignore_errors=True)
        self.logs.mkdir(exist_ok=True)
        for log in self.logs.glob("*.log"):
            if log.stem != "zugabe":  # ours when we run in the background
                log.unlink()

    def _try_lock(self) -> bool:
        """Looking whether it is taken takes it for a moment, so one refusal proves nothing."""
        assert self._lock is not None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
            return False
        return True

    def release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_taken(self) -> bool:
        try:
            lock = os.open(self.path / "lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(lock)
        return False

    def write_status(self, status: dict[str, Any]) -> None:
        begun = self.status_file.with_suffix(".part")
        begun.write_text(json.dumps(status, indent=2) + "\n")
        begun.replace(self.status_file)

    def status(self) -> dict[str, Any]:
        """As the holder wrote it; what a holder left behind that is gone counts as stopped."""
        try:
            status: dict[str, Any] = json.loads(self.status_file.read_text())
        except FileNotFoundError:
            return {"state": "stopped"}
        if status["state"] != "failed" and not self.is_taken():
            return {"state": "stopped"}
        return status

    def master_keys(self) -> Path:
        """What wraps people's keys, made once; without it their data cannot be read."""
        if not self.master_key_file.exists():
            self.add_master_key()
        return self.master_key_file

    def add_master_key(self) -> None:
        """From now on it wraps; what the others have wrapped stays readable."""
        known = self.master_key_file.read_text() if self.master_key_file.exists() else ""
        key = b64encode(secrets.token_bytes(32)).decode()
        line = f"{known.count(chr(10)) + 1} {key}\n"
        write_private(self.master_key_file, (known + line).encode())

    def link_secret(self) -> Path:
        """What signs the links by which partners come in."""
        return self.secret_file("links")

    def secret_file(self, service: str) -> Path:
        path = self.path / "secrets" / service
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32).encode())
        return path


def write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = path.with_suffix(".part")
    begun.touch(mode=0o600)
    begun.write_bytes(content)
    begun.rename(path)
