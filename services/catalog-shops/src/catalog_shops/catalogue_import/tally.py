"""Progress and results of an import."""

from collections import Counter
from dataclasses import dataclass, field

from msgspec.structs import replace

from catalog_shops.catalogue_import.batch import BatchResult
from catalog_shops.catalogue_import.changes import Effect
from catalog_shops.catalogue_import.decider import Running
from zugabe_events.contracts.catalog_shops import ImportCounts


@dataclass(slots=True)
class Tally:
    """`missing` articles are not in the file, and count as delisted before they are; None until all
    of it is read."""

    done: int
    missing: int | None = None
    wrong: int = 0
    partly: int = 0
    effects: Counter[Effect] = field(default_factory=Counter)

    @classmethod
    def of(cls, state: Running) -> "Tally":
        """The tally as of the last recorded progress."""
        counts, progress = state.counts, state.progress
        missing = progress.missing if progress else None
        effects: dict[Effect, int] = {
            "new": counts.new,
            "changed": counts.changed,
            "unchanged": counts.unchanged,
            "delisted": counts.delisted,
        }
        return cls(state.done, missing, counts.wrong, counts.partly, Counter(effects))

    def add(self, result: BatchResult) -> None:
        self.done += len(result.effects) + result.wrong
        self.effects.update(result.effects)
        self.wrong += result.wrong
        self.partly += result.partly

    @property
    def final_counts(self) -> ImportCounts:
        return replace(self.counts, delisted=self.effects["delisted"] + (self.missing or 0))

    @property
    def counts(self) -> ImportCounts:
        """Of the file only."""
        return ImportCounts(
            self.effects["new"],
            self.effects["changed"],
            self.effects["unchanged"],
            self.effects["delisted"],
            self.wrong,
            self.partly,
        )
