"""Refusals of commands about product groups."""

from zugabe_events.domain.errors import NotFoundError, RefusedError
from zugabe_events.domain.german_numbers import thousands


class GroupNotFoundError(NotFoundError):
    code = "product-group-not-found"

    def __init__(self) -> None:
        super().__init__("Diese Warengruppe gibt es nicht.")


class GroupIsCentralError(RefusedError):
    """The id stands for a central group, which central staff maintain."""

    code = "product-group-is-central"

    def __init__(self, name: str) -> None:
        super().__init__(f"„{name}“ ist eine zentrale Warengruppe.")


class GroupNameTakenError(RefusedError):
    code = "product-group-name-taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"An dieser Stelle gibt es schon die Warengruppe „{name}“.")


class GroupCycleError(RefusedError):
    """A group would be above itself."""

    code = "product-group-above-itself"

    def __init__(self, name: str) -> None:
        super().__init__(f"Die Warengruppe „{name}“ kann nicht unter sich selbst stehen.")


class GroupsTooDeepError(RefusedError):
    code = "product-groups-too-deep"

    def __init__(self, most: int) -> None:
        super().__init__(f"Warengruppen haben höchstens {most} Ebenen.", most=most)


class TooManyGroupsError(RefusedError):
    code = "product-groups-too-many"

    def __init__(self, most: int) -> None:
        super().__init__(f"Möglich sind höchstens {thousands(most)} Warengruppen.", most=most)


class GroupHasGroupsError(RefusedError):
    code = "product-group-has-groups"

    def __init__(self, name: str) -> None:
        super().__init__(f"Unter der Warengruppe „{name}“ gibt es noch weitere.")


class GroupHasArticlesError(RefusedError):
    code = "product-group-has-articles"

    def __init__(self, name: str) -> None:
        super().__init__(f"Die Warengruppe „{name}“ hat noch Artikel.")
