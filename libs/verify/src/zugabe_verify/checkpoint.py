"""The state of an audit, saved in a folder after each part of a log, from which it can resume."""

import pickle
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zugabe_verify.business.scope import Scope
from zugabe_verify.business_audit import BusinessAudit
from zugabe_verify.history import History
from zugabe_verify.log import Log
from zugabe_verify.service_audit import LogAudit


class OtherAuditError(Exception):
    """The interrupted audit had other arguments."""


@dataclass(slots=True)
class Checkpoint:
    """The state of an audit between two parts; `asked` is what it was asked to do.

    It goes on with the heads and ends that it found when it began, however long ago that was.
    """

    asked: tuple[object, ...]
    scope: Scope
    whole: BusinessAudit | None
    client_history: History | None
    logs: dict[str, Log] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    log_audit: LogAudit | None = None


class CheckpointFile:
    """`living` are objects such as connections, which are not saved but restored by name.

    The folder is read back by `pickle`: whoever may write to it may run code.
    """

    def __init__(self, folder: Path, living: Mapping[str, object]) -> None:
        self.folder = folder / "zugabe-verify"
        self._file = self.folder / "state"
        self._living = living
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def save(self, checkpoint: Checkpoint) -> None:
        """All or nothing."""
        fresh = self._file.with_suffix(".new")
        with fresh.open("wb") as file:
            pickle.dump(checkpoint.asked, file)
            CheckpointPickler(file, self._living).dump(checkpoint)
        fresh.replace(self._file)

    def load(self, asked: tuple[object, ...]) -> Checkpoint | None:
        """None without an interrupted audit. Raises OtherAuditError."""
        if not self._file.exists():
            return None
        with self._file.open("rb") as file:
            before = pickle.load(file)
            if before != asked:
                message = f"the audit in {self.folder} was asked for something else: {before}"
                raise OtherAuditError(message)
            checkpoint: Checkpoint = CheckpointUnpickler(file, self._living).load()
        return checkpoint

    def remove(self) -> None:
        shutil.rmtree(self.folder)


class CheckpointPickler(pickle.Pickler):
    def __init__(self, file: Any, living: Mapping[str, object]) -> None:
        super().__init__(file)
        self._names = {id(living_object): name for name, living_object in living.items()}

    def persistent_id(self, obj: Any) -> str | None:
        return self._names.get(id(obj))


class CheckpointUnpickler(pickle.Unpickler):
    def __init__(self, file: Any, living: Mapping[str, object]) -> None:
        super().__init__(file)
        self._living = living

    def persistent_load(self, pid: Any) -> object:
        return self._living[pid]
