"""Consistency token of a command's answer, for which a query can wait."""

import msgspec

from zugabe_events.domain.errors import InvalidError


class Token(msgspec.Struct, frozen=True, order=True):
    """The log and part of an append, and its cluster time in the log's database."""

    log: str
    part: int
    seconds: int
    increment: int

    def __str__(self) -> str:
        return f"{self.log}.{self.part}.{self.seconds}.{self.increment}"

    @classmethod
    def parse(cls, text: str) -> "Token":
        match text.strip().split("."):
            case [log, part, seconds, increment] if (
                text.isascii()
                and log.replace("-", "").isalpha()
                and all(
                    number.isdecimal() and len(number) < 12 for number in (part, seconds, increment)
                )
            ):
                return cls(log, int(part), int(seconds), int(increment))
        raise InvalidError("Das Token ist nicht lesbar.", code="token-invalid")

    @property
    def time(self) -> tuple[int, int]:
        return (self.seconds, self.increment)
