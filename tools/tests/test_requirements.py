"""The page of requirements: its sentences stay, what stands below them follows the sources."""

from pathlib import Path

from tools.requirements import named_ids, requirements, written

PAGE = """# Requirements

- **X-1** A use is held for a checkout
  until a deadline.
  Tests: [test_gone](../libs/a/tests/test_gone.py)
- **Q7** A voucher is revoked.

## More

- **N-2** Limits hold.
"""


def test_generated_lines_follow_the_sources(tmp_path: Path) -> None:
    tests, source = tmp_path / "libs/a/tests", tmp_path / "libs/a/src/a"
    tests.mkdir(parents=True)
    source.mkdir(parents=True)
    (tests / "test_holds.py").write_text('"""X-1, ES256, UTF-8"""\n')
    (source / "holds.py").write_text('"""Q7, X-1, X-100"""\n')
    named = named_ids(tmp_path)
    new = written(PAGE, named)
    assert named.keys() == {"X-1", "Q7"}
    assert new == (
        "# Requirements\n\n"
        "- **X-1** A use is held for a checkout until a deadline.\n"
        "  Tests: [test_holds](../libs/a/tests/test_holds.py)\n"
        "- **Q7** A voucher is revoked.\n"
        "  Code: [a/holds](../libs/a/src/a/holds.py)\n\n"
        "## More\n\n"
        "- **N-2** Limits hold.\n"
        "  No code names it yet.\n"
    )
    assert written(new, named) == new
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/requirements.md").write_text(new)
    assert requirements(tmp_path)["X-1"] == "A use is held for a checkout until a deadline."


def test_a_path_that_needs_a_line_of_its_own_is_generated_once(tmp_path: Path) -> None:
    tests = tmp_path / "libs/a/tests"
    tests.mkdir(parents=True)
    (tests / f"test_{'long_' * 7}name.py").write_text('"""N-2"""\n')
    named = named_ids(tmp_path)
    new = written(PAGE, named)
    assert "  Tests:\n    [test_long" in new
    assert written(new, named) == new
