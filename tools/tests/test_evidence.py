"""Claims of the pages about security are shown by tests that exist."""

from pathlib import Path

from tools.evidence import problems

PAGE = """
| Risk | What is done | Evidence |
|---|---|---|
| one | this | `tests/test_a.py::test_it` |
| two | this | `tests/test_a.py::test_gone`, `tests/test_a.py::test_it` |
| three | this | `tests/test_b.py::test_it` |
| four | nothing |  |
| five | this | not applicable: nothing of it is here |
"""


def test_evidence_that_disappears_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "docs/security/asvs.md"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_a.py").write_text("async def test_it() -> None: ...\n")
    assert list(problems(tmp_path)) == [
        "docs/security/asvs.md:5: no such test: tests/test_a.py::test_gone",
        "docs/security/asvs.md:6: no such test: tests/test_b.py::test_it",
        "docs/security/asvs.md:7: neither a test nor why there is none",
    ]


def test_our_pages_have_evidence() -> None:
    assert list(problems(Path(__file__).parents[2])) == []
