"""Count the files of a service that a reader opens to follow one command.

    python -m tools.command_path onboarding     # each command of a service, with its files

From the route's function on, names are followed to where the service defines them: handlers,
decider, `decide` and `evolve`, refusals, also functions beside the route's within the one that
makes the router. A method is followed only with its class, where the code names that. Of a
`match`, only the cases of classes that the code followed so far makes are followed, so that other
commands of the stream do not count. Annotations, kernel and contracts are not followed. One file
more is the read model that shows the result.

The path ends where nothing is decided any more:

- A refusal counts with the file that defines its class; how it words its text, with labels of codes
  for example, is not followed.
- A stream's declaration, which is a `Decider` and the function that returns its `History`, is
  followed to `evolve`, and to `decide` when the code makes one of its commands. It does not count
  as a file by itself: a stream that is only read counts with its state.
"""

import ast
import sys
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
WRITING = ("post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Module:
    path: Path
    definitions: Mapping[str, ast.stmt]
    imported: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Route:
    """`maker` is the module's function that makes the router, `code` the route's, `helpers` are
    functions beside it by name."""

    module: str
    maker: str
    command: str
    code: ast.FunctionDef | ast.AsyncFunctionDef
    helpers: Mapping[str, ast.stmt]

    @property
    def within(self) -> str:
        """The scope of the maker, as a place of definitions."""
        return f"{self.module}.{self.maker}"


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


def routes(modules: Mapping[str, Module]) -> Iterator[Route]:
    """The routes that change something, each with every prefix of the function that makes it.

    A prefix that is neither a string nor the name of a module's constant shows as `…`.
    """
    for name, its in modules.items():
        for maker, definition in its.definitions.items():
            if not isinstance(definition, ast.FunctionDef):
                continue
            prefixes = [*prefixes_in(modules, name, definition)] or [""]
            inner = [
                each
                for each in ast.walk(definition)
                if isinstance(each, ast.AsyncFunctionDef | ast.FunctionDef)
                and each is not definition
            ]
            helpers = {each.name: each for each in definition.body if each in inner}
            for code in inner:
                for verb in WRITING:
                    for suffix in suffixes_of(code, verb):
                        for prefix in prefixes:
                            command = f"{verb.upper()} {prefix}{suffix}"
                            yield Route(name, maker, command, code, helpers)


def prefixes_in(modules: Mapping[str, Module], here: str, definition: ast.stmt) -> Iterator[str]:
    for each in ast.walk(definition):
        match each:
            case ast.keyword(arg="prefix", value=ast.Name(id=constant)):
                place, name = modules[here].imported.get(constant, (here, constant))
                match modules[place].definitions.get(name) if place in modules else None:
                    case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                        yield text_of(value)
                    case _:
                        yield text_of(each.value)
            case ast.keyword(arg="prefix", value=prefix):
                yield text_of(prefix)


def suffixes_of(function: ast.AsyncFunctionDef | ast.FunctionDef, verb: str) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr=attribute), args=[suffix, *_]) if (
                attribute == verb
            ):
                yield text_of(suffix)


def text_of(node: ast.expr) -> str:
    """A string, with `…` for what is not constant in it."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(map(text_of, values))
        case _:
            return "…"


def follow(modules: Mapping[str, Module], route: Route, walk: Walk) -> None:
    seen = {(route.module, route.maker), (route.within, route.code.name)}
    waiting: list[tuple[str, ast.AST]] = [(route.within, route.code)]
    while waiting:
        here, node = waiting.pop()
        if is_of_other_commands(node, walk.made):
            continue
        its = modules[route.module if here == route.within else here]
        if not is_declaration(node):
            walk.files.add(its.path)
        for name, called in list(names(node, walk.made)):
            if called:
                walk.made.add(name)
            place, definition = defined(modules, route, here, name)
            if definition is not None and place not in seen:
                seen.add(place)
                waiting.append((place[0], definition))


def defined(
    modules: Mapping[str, Module], route: Route, here: str, name: str
) -> tuple[tuple[str, str], ast.stmt | None]:
    """The place and the statement that define a name, as read in `here`; None for all else."""
    if here == route.within:
        if name in route.helpers:
            return (here, name), route.helpers[name]
        here = route.module
    place = modules[here].imported.get(name, (here, name))
    its = modules.get(place[0])
    return place, its.definitions.get(place[1]) if its else None


def modules_of(root: Path, service: str) -> Mapping[str, Module]:
    source = root / "services" / service / "src"
    return {
        str(each.relative_to(source).with_suffix("")).replace("/", "."): module(each)
        for each in sorted(source.rglob("*.py"))
    }


def path_of(modules: Mapping[str, Module], route: Route) -> Sequence[Path]:
    walk = Walk()
    before = -1
    while len(walk.made) > before:
        before = len(walk.made)
        follow(modules, route, walk)
    return [*sorted(walk.files), *[Path("view.py")] * READ_MODEL]


def files_of(root: Path, command: str) -> Sequence[Path]:
    service, _, its = command.partition(" ")
    modules = modules_of(root, service)
    for route in routes(modules):
        if route.command == its:
            return path_of(modules, route)
    raise LookupError(f"no route {its}")


def paths_of(root: Path, service: str) -> Mapping[str, Sequence[Path]]:
    """The files of each command of a service, the longest path first."""
    modules = modules_of(root, service)
    found = {route.command: path_of(modules, route) for route in routes(modules)}
    return dict(sorted(found.items(), key=lambda its: len(its[1]), reverse=True))


def main() -> None:
    for service in sys.argv[1:]:
        for command, files in paths_of(Path(), service).items():
            print(f"{len(files):>3}  {service} {command}")
            for file in files:
                print(f"       {'/'.join(file.parts[-2:])}")


if __name__ == "__main__":
    main()
