"""What a command answers so that a query can wait for it: log, part, operation time."""

import msgspec

from zugabe_events.domain.errors import InvalidError


class Token(msgspec.Struct, frozen=True, order=True):
    """`seconds` and `increment` are the cluster time of the append in the log's database."""

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
