"""The state directory of a stack: lock, addresses, keys, data and logs."""

import fcntl
import json
import os
import secrets
import shutil
import stat
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
        self.mongo_password_file = self.path / "secrets" / "mongo-password"
        self._lock: int | None = None

    def take(self, *, fresh: bool) -> None:
        """Lock the directory for one stack; the lock ends with its process, however that ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        private_folder(self.path.resolve())
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not any(self._try_lock() for _ in range(MAX_LOCK_ATTEMPTS)):
            self.release()
            sentence = f"A stack is already running in {self.path}; `zugabe down` stops it."
            raise StackError(sentence)
        if shutil.disk_usage(self.path).free < MIN_FREE_BYTES:
            self.release()
            sentence = f"Less than 1 GiB of disk space is free for {self.path}; make room first."
            raise StackError(sentence)
        for file in (self.status_file, self.mongo_password_file):
            file.unlink(missing_ok=True)  # of a stack that was killed
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
        """Readable by the owner only; it holds no password (S28)."""
        write_private(self.status_file, (json.dumps(status, indent=2) + "\n").encode())

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

    def mac_keys(self) -> Path:
        """Return the file of the secret that authenticates messages and consistency tokens."""
        return self.secret_file("macs")

    def secret_file(self, service: str) -> Path:
        path = self.path / "secrets" / service
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32).encode())
        return path


def private_folder(path: Path) -> None:
    """Create a folder for its owner alone, or make one of ours so; refuse one of somebody else.

    Whoever owns it could put files or links of theirs where we write.
    """
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise StackError(f"{path} is not a folder of yours; remove it, or choose another one.")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)


def write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.touch(mode=0o600)
    partial.write_bytes(content)
    partial.rename(path)
