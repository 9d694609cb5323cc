"""Failure of the local stack: one sentence that says what to do."""


class StackError(Exception):
    """`log` is the end of a log that explains more, if there is one."""

    def __init__(self, sentence: str, log: str = "") -> None:
        super().__init__(f"{sentence}\n{log}" if log else sentence)
        self.sentence = sentence
        self.log = log
