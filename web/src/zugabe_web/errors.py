"""Errors of pages, raised by routes and turned into pages by `problem_pages`."""


class NoSuchPageError(Exception):
    """There is nothing at this address, or nothing that this person may see."""


class SignInRequiredError(Exception):
    """There is no session, or it is over."""


class StaffSignInError(Exception):
    """Staff have no session, or it is over."""


class NoRightError(Exception):
    """The account is none of central staff; `name` is its person's, "" if nobody told it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LinkRefusedError(Exception):
    """A link that lets nobody in; `link` is "" unless it was one of ours."""

    def __init__(self, partner: str, link: str, code: str) -> None:
        super().__init__(code)
        self.partner = partner
        self.link = link if code == "link-outdated" else ""
        self.code = code
