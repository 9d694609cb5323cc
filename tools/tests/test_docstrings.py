"""Docstrings of the product are noun phrases or imperatives, never questions put as titles."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUESTION = re.compile(r'"""(What|Whether|Who|Which|How|When|Where|Why)\b')


def test_no_docstring_begins_with_a_question_word() -> None:
    files = [file for source in ROOT.glob("*/**/src") for file in source.rglob("*.py")]
    assert len(files) > 500
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if QUESTION.search(line)
    ]
    assert not found, "\n".join(found)
