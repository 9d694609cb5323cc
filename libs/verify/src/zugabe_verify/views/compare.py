"""Documents of read models against folds of the log, up to where each document says it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from zugabe_verify.findings import Findings
from zugabe_verify.log import Database
from zugabe_verify.records import LoggedEvent, StoredDocument
from zugabe_verify.spill import Spill
from zugabe_verify.views import bonus, checkout, vouchers
from zugabe_verify.views.model import Model, by_part, difference

MODELS: dict[str, Model] = {
    model.name: model for model in (*checkout.MODELS, *vouchers.MODELS, *bonus.MODELS)
}
SETTINGS = {"vouchers.campaigns", "vouchers.participations", "bonus.programmes"}
"""Read models of dealers instead of users, with few documents."""


async def serving(db: Database, name: str) -> str | None:
    """The collection of the build that serves, of the newest version; None: not deployed."""
    names = await db.list_collection_names(filter={"name": {"$regex": f"^{name}[.]v"}})
    if not names:
        return None
    version = max(int(one.removeprefix(f"{name}.v").partition(".")[0]) for one in names)
    found = await db.readmodels.find_one({"_id": f"{name}.v{version}"})
    return f"{name}.v{version}.{found['serving'] if found else 1}"


async def spill_documents(
    db: Database,
    model: Model,
    build: str,
    rows: Spill[LoggedEvent | StoredDocument],
    settings: list[StoredDocument],
) -> None:
    async for document in db[build].find({}, batch_size=1_000):
        key, seen = document.pop("_id"), document.pop("seen", {})
        stored = StoredDocument(model.name, key, document, by_part(seen))
        if model.name in SETTINGS:
            settings.append(stored)
        else:
            rows.put(f"{document.get('dealer')}/{document.get('user')}", stored)


class Comparison:
    """`builds` is by model the build that serves; `reached` by build and log how far it was.

    Only what a build had reached when the audit began must be shown.
    """

    def __init__(
        self,
        findings: Findings,
        builds: dict[str, str],
        reached: dict[tuple[str, str], dict[int, int]],
    ) -> None:
        self._findings = findings
        self._builds = builds
        self._reached = reached

    def check(self, events: Sequence[LoggedEvent], stored: Iterable[StoredDocument]) -> None:
        """Compare all events and documents of one user, or of all dealers' settings."""
        documents = {(document.model, document.key): document for document in stored}
        by_document: defaultdict[tuple[str, str], list[LoggedEvent]] = defaultdict(list)
        for event in events:
            for name in self._builds:
                model = MODELS[name]
                if model.log == event.log and (key := model.key(event)) is not None:
                    by_document[name, key].append(event)
        for place in dict.fromkeys([*by_document, *documents]):
            self._check_document(place, by_document.get(place, []), documents.get(place))

    def _check_document(
        self, place: tuple[str, str], events: list[LoggedEvent], document: StoredDocument | None
    ) -> None:
        name, key = place
        model = MODELS[name]
        events = sorted((event for event in events if event.pos), key=lambda event: event.pos)
        seen = document.seen if document else {}
        folded = [event for event in events if event.pos <= seen.get(lane(event), 0)]
        reached = self._reached.get((self._builds[name], model.log), {})
        due = [event for event in events if event.pos <= reached.get(event.part, 0)]
        if document is None:
            if model.fold(due) is not None:
                what = f"{key} is not shown, although {due[-1].name} {due[-1].id} was projected"
                self._tell("view-missing", name, key, what)
            return
        expected = model.fold(folded)
        fields = document.fields
        if name == "bonus.accounts":
            fields = bonus.shown_account(fields)
        if expected is None:
            self._tell("view-foreign", name, key, f"no event up to {seen} says that {key} is there")
        elif wrong := difference(expected, fields):
            self._tell("view-differs", name, key, f"{wrong} of {key} is not what its events say")
        elif len(due) > len(folded) and model.fold(due) != expected:
            what = f"{key} lacks {due[-1].name} {due[-1].id}, which was projected"
            self._tell("view-stale", name, key, what)

    def _tell(self, kind: str, model: str, key: str, what: str) -> None:
        self._findings.add(kind, model.partition(".")[0], f"{self._builds[model]} {key}", what)


def lane(event: LoggedEvent) -> str:
    return f"{event.log}:{event.part}"
