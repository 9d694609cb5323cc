"""Write into docs/requirements.md which tests prove each requirement, or check that it says so.

The page's sentences are written by hand; what stands below each of them is generated. Without
`--check` the page is rewritten. An id that anything names must be listed there.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import fill

PAGE = Path("docs/requirements.md")
WIDTH = 100
ID = re.compile(r"\b(?:(?:ON|CS|GA|VO|BO|CH|X|N)-[1-9]\d?|Q[1-9]\d?)\b")
ITEM = re.compile(r"- \*\*(\S+)\*\* (.*)")
GENERATED = ("  Tests:", "  Code:", "  No code names it yet.")
FOLDERS = ("benchmarks", "docs", "libs", "services", "tests-e2e", "tools", "web")
KINDS = {".json", ".md", ".py", ".tla", ".txt"}


@dataclass(slots=True)
class References:
    """The files that name an id: tests, and others."""

    tests: set[Path] = field(default_factory=set)
    others: set[Path] = field(default_factory=set)
    mentions: int = 0


def files(root: Path) -> Iterator[Path]:
    yield from sorted(root.glob("*.md"))
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in KINDS and path.is_file() and ".venv" not in path.parts:
                yield path


def named_ids(root: Path) -> dict[str, References]:
    found: dict[str, References] = defaultdict(References)
    for path in files(root):
        relative = path.relative_to(root)
        if relative == PAGE or relative.parts[0] == "tools":
            continue
        for each in ID.findall(path.read_text(errors="replace")):
            named = found[each]
            named.mentions += 1
            (named.tests if is_test(relative) else named.others).add(relative)
    return dict(found)


def is_test(path: Path) -> bool:
    return path.name.startswith("test_") and path.suffix == ".py"


def requirements(root: Path) -> dict[str, str]:
    """The sentences of the page by id; none where the page does not exist."""
    page = root / PAGE
    return dict(items(page.read_text())) if page.exists() else {}


def items(text: str) -> Iterator[tuple[str, str]]:
    for block in blocks(text):
        if found := ITEM.match(block[0]):
            sentence = [found[2]]
            for line in block[1:]:
                if line.startswith(GENERATED):
                    break
                sentence.append(line.strip())
            yield found[1], " ".join(sentence)


def blocks(text: str) -> Iterator[list[str]]:
    """An item with its indented lines, or any other line alone."""
    block: list[str] = []
    for line in text.splitlines():
        if block and line.startswith("  ") and block[0].startswith("- **"):
            block.append(line)
            continue
        if block:
            yield block
        block = [line]
    if block:
        yield block


def evidence(named: References | None) -> str:
    if named is None:
        return "No code names it yet."
    if named.tests:
        return "Tests: " + ", ".join(link(path) for path in sorted(named.tests))
    return "Code: " + ", ".join(link(path) for path in sorted(named.others))


def link(path: Path) -> str:
    """Its path below `tests` or the package, as a link from the page."""
    parts = path.with_suffix("").parts
    start = next((parts.index(each) + 1 for each in ("tests", "src") if each in parts), 0)
    return f"[{'/'.join(parts[start:])}](../{path})"


def written(text: str, named: Mapping[str, References]) -> str:
    lines: list[str] = []
    sentences = dict(items(text))
    for block in blocks(text):
        if found := ITEM.match(block[0]):
            lines.append(wrapped(f"- **{found[1]}** {sentences[found[1]]}", "  "))
            lines.append(wrapped(f"  {evidence(named.get(found[1]))}", "    "))
        else:
            lines += block
    return "\n".join(lines) + "\n"


def wrapped(text: str, indent: str) -> str:
    return fill(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def main() -> int:
    root = Path()
    text = (root / PAGE).read_text()
    named = named_ids(root)
    unknown = named.keys() - dict(items(text)).keys()
    for each in sorted(unknown):
        places = ", ".join(map(str, sorted(named[each].tests | named[each].others)))
        print(f"{each} is not in {PAGE}; it is named in {places}", file=sys.stderr)
    new = written(text, named)
    if "--check" not in sys.argv:
        (root / PAGE).write_text(new)
    elif new != text:
        print(f"{PAGE} is stale; `make catalog` writes it", file=sys.stderr)
        return 1
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
