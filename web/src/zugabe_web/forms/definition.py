"""A form as onboarding answers it: its questions, and what is filled in; fields to come are
ignored."""

from datetime import datetime

import msgspec

YES = "ja"

type AnswerText = str | list[str]


class Column(msgspec.Struct, frozen=True):
    """A question. It is asked only if `only_if` was answered with yes or, with `only_if_choice`,
    if that choice of it was chosen."""

    name: str
    label: str
    kind: str
    help: str = ""
    required: bool = False
    personal: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    only_if: str | None = None
    choice_ids: tuple[str, ...] = ()
    only_if_choice: str | None = None

    @property
    def options(self) -> dict[str, str]:
        """Labels by what an answer says."""
        if self.kind == "yes-no":
            return {YES: "Ja", "nein": "Nein"}
        return dict(zip(self.choice_ids or self.choices, self.choices, strict=False))

    def is_asked(self, said: dict[str, tuple[str, ...]]) -> bool:
        """`said` are answers to earlier questions that are asked themselves."""
        if self.only_if is None:
            return True
        return (self.only_if_choice or YES) in said.get(self.only_if, ())


class Table(msgspec.Struct, frozen=True):
    name: str
    label: str
    columns: tuple[Column, ...]
    help: str = ""
    least_rows: int = 0
    most_rows: int = 100


class Definition(msgspec.Struct, frozen=True):
    form: str
    version: int
    step: str
    title: str
    introduction: str
    per_brand: bool
    fields: tuple[Column, ...]
    tables: tuple[Table, ...] = ()


class FilledRow(msgspec.Struct, frozen=True):
    row: str
    answers: dict[str, AnswerText]


class FilledForm(msgspec.Struct, frozen=True):
    """`source` is `sales` for one that was carried over (ON-17); `reason` is why it was sent back,
    until it is handed in again."""

    brand: str
    form: str
    status: str
    revision: int
    source: str
    reason: str
    newest: int
    definition: Definition
    changed_at: datetime | None = None
    answers: dict[str, AnswerText] = msgspec.field(default_factory=dict)
    tables: dict[str, list[FilledRow]] = msgspec.field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """For drafts."""
        return self.status in ("open", "draft", "sent-back")

    @property
    def was_sent_back(self) -> bool:
        return self.is_open and bool(self.reason)
