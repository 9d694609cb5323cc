"""What a page cannot do, raised by routes and turned into pages by `problem_pages`."""


class NoSuchPageError(Exception):
    """There is nothing at this address, or nothing that this person may see."""


class SignInRequiredError(Exception):
    """There is no session, or it is over."""


class LinkRefusedError(Exception):
    """A link that lets nobody in, with the service's German reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
