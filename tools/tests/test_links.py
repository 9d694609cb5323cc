"""References of Markdown files: each exists, or is reported."""

from pathlib import Path

from tools.links import problems


def test_what_does_not_exist_is_named(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("check: install\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/page.md").write_text("# A page, `quoted`\n")
    (tmp_path / "README.md").write_text(
        "[a](docs/page.md#a-page-quoted) [b](docs/page.md#b) [c](docs/none.md) [d](https://e.f/)\n"
        "[e]: docs/gone.md\n"
        "`docs/page.md` `page.md` `docs/*.md` `docs/gone.md` `gone.py` `make check` `make gone`\n"
        "`/dealers/{dealer}` `a.b` `SERVICE deploy` `[x](y)`\n" + "a " * 51 + "\n"
    )
    assert list(problems(tmp_path)) == [
        "README.md: no such heading: docs/page.md#b",
        "README.md: no such file: docs/none.md",
        "README.md: no such file: docs/gone.md",
        "README.md: no such path: docs/gone.md",
        "README.md: no such path: gone.py",
        "README.md: no such target: make gone",
        "README.md: line 5 has more than 100 characters",
    ]
