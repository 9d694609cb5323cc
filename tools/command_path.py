"""Count the files of a service that a reader opens to follow one command.

From the route's function on, names are followed to where the service defines them: handlers,
decider, `decide` and `evolve`, refusals. Of a `match`, only the cases of classes that the code
followed so far makes are followed, so that other commands of the stream do not count. Annotations,
kernel and contracts are not followed. One file more is the read model that shows the result.

The path ends where nothing is decided any more:

- A refusal counts with the file that defines its class; how it words its text, with labels of codes
  for example, is not followed.
- A stream's declaration, which is a `Decider` and the function that returns its `History`, is
  followed to `evolve`, and to `decide` when the code makes one of its commands. It does not count
  as a file by itself: a stream that is only read counts with its state.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

COMMANDS = (
    "onboarding POST /partners/{partner}/brands/{brand}/platforms/{platform}/request",
    "onboarding PUT /partners/{partner}/brands/{brand}/warehouse",
    "onboarding POST /partners/{partner}/brands/{brand}/phases/{phase}/completion",
    "vouchers POST /dealers/{dealer}/campaigns/{campaign_id}/activation",
    "bonus POST /dealers/{dealer}/programme/activation",
    "checkout POST /dealers/{dealer}/orders/{order_id}/cancellation",
)
READ_MODEL = 1


@dataclass(frozen=True, slots=True)
class Module:
    path: Path
    definitions: Mapping[str, ast.stmt]
    imported: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class Walk:
    """The files reached so far, and the classes that the code in them calls."""

    files: set[Path] = field(default_factory=set)
    made: set[str] = field(default_factory=set)


def module(path: Path) -> Module:
    definitions: dict[str, ast.stmt] = {}
    imported: dict[str, tuple[str, str]] = {}
    for statement in ast.parse(path.read_text()).body:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                definitions[statement.name] = statement
            case ast.Assign():
                for target in statement.targets:
                    if isinstance(target, ast.Name):
                        definitions[target.id] = statement
            case ast.AnnAssign(target=ast.Name(id=name)):
                definitions[name] = statement
            case ast.ImportFrom(module=str(origin)):
                for alias in statement.names:
                    imported[alias.asname or alias.name] = (origin, alias.name)
    return Module(path, definitions, imported)


def names(node: ast.AST, made: set[str]) -> Iterator[tuple[str, bool]]:
    """Names that code reads, and whether it calls them, without annotations and other cases."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            yield name, True
        case ast.Name(id=name):
            yield name, False
    for each in parts(node, made):
        yield from names(each, made)


def parts(node: ast.AST, made: set[str]) -> Sequence[ast.AST]:
    match node:
        case ast.match_case(pattern=pattern, body=body):
            classes = {
                each.cls.id
                for each in ast.walk(pattern)
                if isinstance(each, ast.MatchClass) and isinstance(each.cls, ast.Name)
            }
            return body if not classes or classes & made else []
        case ast.Call(func=ast.Name(), args=args, keywords=keywords):
            return [*args, *keywords]
        case ast.AnnAssign(value=value):
            return [value] if value is not None else []
        case ast.ClassDef() if is_refusal(node):
            return []
        case ast.ClassDef(body=body) | ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body):
            return body
        case _:
            return [*ast.iter_child_nodes(node)]


def is_refusal(node: ast.AST) -> bool:
    """By its name: the class of an error."""
    return isinstance(node, ast.ClassDef) and node.name.endswith("Error")


def is_declaration(node: ast.AST) -> bool:
    """A stream's `Decider`, or the function that returns its `History`."""
    match node:
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            return is_call_of("Decider", value)
        case ast.FunctionDef(body=body):
            return isinstance(body[-1], ast.Return) and is_call_of("History", body[-1].value)
        case _:
            return False


def is_call_of(name: str, node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == name


def is_of_other_commands(node: ast.AST, made: set[str]) -> bool:
    """A `decide` whose cases are all of commands that the code does not make."""
    if not isinstance(node, ast.FunctionDef) or node.name != "decide":
        return False
    cases = [each for each in ast.walk(node) if isinstance(each, ast.match_case)]
    return bool(cases) and not any(parts(each, made) for each in cases)


def route(modules: Mapping[str, Module], method: str, path: str) -> tuple[str, str, ast.AST]:
    """The module with the route, its function that makes the router, and the route's function."""
    for name, its in modules.items():
        for maker, definition in its.definitions.items():
            prefixes = ["", *prefixes_in(definition)]
            for inner in ast.walk(definition):
                if isinstance(inner, ast.AsyncFunctionDef | ast.FunctionDef) and any(
                    f"{prefix}{suffix}" == path
                    for suffix in suffixes_of(inner, method.lower())
                    for prefix in prefixes
                ):
                    return name, maker, inner
    raise LookupError(f"no route {method} {path}")


def prefixes_in(definition: ast.stmt) -> Iterator[str]:
    for each in ast.walk(definition):
        match each:
            case ast.keyword(arg="prefix", value=ast.Constant(value=str(prefix))):
                yield prefix


def suffixes_of(function: ast.AsyncFunctionDef | ast.FunctionDef, verb: str) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(
                func=ast.Attribute(attr=attribute), args=[ast.Constant(value=str(suffix)), *_]
            ) if attribute == verb:
                yield suffix


def follow(
    modules: Mapping[str, Module], start: str, code: ast.AST, maker: str, walk: Walk
) -> None:
    seen: set[tuple[str, str]] = {(start, maker)}
    waiting: list[tuple[str, ast.AST]] = [(start, code)]
    while waiting:
        here, node = waiting.pop()
        if is_of_other_commands(node, walk.made):
            continue
        if not is_declaration(node):
            walk.files.add(modules[here].path)
        for name, called in list(names(node, walk.made)):
            if called:
                walk.made.add(name)
            place = (here, name)
            if name in modules[here].imported:
                place = modules[here].imported[name]
            if place in seen or place[0] not in modules:
                continue
            if definition := modules[place[0]].definitions.get(place[1]):
                seen.add(place)
                waiting.append((place[0], definition))


def files_of(root: Path, command: str) -> Sequence[Path]:
    service, method, path = command.split(" ")
    source = root / "services" / service / "src"
    modules = {
        str(each.relative_to(source).with_suffix("")).replace("/", "."): module(each)
        for each in sorted(source.rglob("*.py"))
    }
    start, maker, code = route(modules, method, path)
    walk = Walk()
    before = -1
    while len(walk.made) > before:
        before = len(walk.made)
        follow(modules, start, code, maker, walk)
    return [*sorted(walk.files), *[Path("view.py")] * READ_MODEL]
