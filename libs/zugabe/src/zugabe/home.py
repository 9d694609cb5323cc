"""The state directory of a stack: lock, addresses, keys, data and logs."""

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

MIN_FREE_BYTES = 1024**3
MAX_LOCK_ATTEMPTS = 5


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
        """Lock the directory for one stack; the lock ends with its process, however that ends."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not any(self._try_lock() for _ in range(MAX_LOCK_ATTEMPTS)):
            self.release()
            sentence = f"A stack is already running in {self.path}; `zugabe down` stops it."
            raise StackError(sentence)
        if shutil.disk_usage(self.path).free < MIN_FREE_BYTES:
            self.release()
            sentence = f"Less than 1 GiB of disk space is free for {self.path}; make room first."
            raise StackError(sentence)
        self.status_file.unlink(missing_ok=True)  # of a stack that was killed
        if fresh:
            for folder in (self.path / "data", self.mails):
                shutil.rmtree(folder, ignore_errors=True)
        self.logs.mkdir(exist_ok=True)
        for log in self.logs.glob("*.log"):
            if log.stem != "zugabe":  # written by the supervisor itself in the background
                log.unlink()

    def _try_lock(self) -> bool:
        """Try once; `is_taken` holds the lock for a moment, so one failure proves nothing."""
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
        partial = self.status_file.with_suffix(".part")
        partial.write_text(json.dumps(status, indent=2) + "\n")
        partial.replace(self.status_file)

    def status(self) -> dict[str, Any]:
        """Return what the supervisor wrote; what a dead one left behind counts as stopped."""
        try:
            status: dict[str, Any] = json.loads(self.status_file.read_text())
        except FileNotFoundError:
            return {"state": "stopped"}
        if status["state"] != "failed" and not self.is_taken():
            return {"state": "stopped"}
        return status

    def master_keys(self) -> Path:
        """Return the file of master keys, created once; without it personal data is unreadable."""
        if not self.master_key_file.exists():
            self.add_master_key()
        return self.master_key_file

    def add_master_key(self) -> None:
        """Add a master key that wraps from now on; what older ones wrapped stays readable."""
        existing = self.master_key_file.read_text() if self.master_key_file.exists() else ""
        key = b64encode(secrets.token_bytes(32)).decode()
        line = f"{existing.count(chr(10)) + 1} {key}\n"
        write_private(self.master_key_file, (existing + line).encode())

    def link_secret(self) -> Path:
        """Return the file of the secret that signs partners' links."""
        return self.secret_file("links")

    def session_key(self) -> Path:
        """Return the file of the secret that encrypts the sessions of the web application."""
        return self.secret_file("sessions")

    def secret_file(self, service: str) -> Path:
        path = self.path / "secrets" / service
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32).encode())
        return path


def write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.touch(mode=0o600)
    partial.write_bytes(content)
    partial.rename(path)
