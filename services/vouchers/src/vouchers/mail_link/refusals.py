"""Refusals of links in mails."""

from zugabe_events.domain.errors import NotFoundError, RefusedError


class LinkUnknownError(NotFoundError):
    """This service did not write the link, or wrote it for another dealer."""

    code = "link-unknown"

    def __init__(self) -> None:
        super().__init__("Dieser Link ist nicht gültig.")


class LinkOutdatedError(RefusedError):
    """The action of the link is not possible any more."""

    code = "link-outdated"
