"""The house keeps its shape: imports point inwards, files stay small, nothing runs at import."""

import ast
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions as _packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).resolve().parents[1]
SRC: Final = ROOT / "src"
FILES: Final = sorted(SRC.rglob("*.py"))

MAY_KNOW: Final[dict[str, set[str]]] = {
    "events": set(),
    "commands": {"events"},
    "projections": {"events"},
    "render": {"events"},
    "api": {"events", "commands", "projections", "render"},
}
OUTSIDE: Final = {"events": {"pydantic"}, "commands": {"pydantic", "snowballstemmer"}}
"""The only packages from elsewhere that the core knows."""

OUTSIDE_WORLD: Final = set(
    """
    asyncio concurrent ctypes ftplib getpass http imaplib mmap multiprocessing os pathlib pty
    select selectors shutil signal smtplib socket socketserver sqlite3 ssl subprocess tempfile
    threading urllib.request webbrowser xmlrpc
    """.split()  # noqa: SIM905 -- thirty names read better as text than as a column
)
"""Standard modules that reach a disk, a network or another process."""

CLOCKS_AND_DICE: Final = {"random", "secrets", "time"}
PURE: Final = ("events", "commands/tailoring")
"""Where the same input gives the same output, so that an auditor can repeat every step."""

GIVEN_FROM_OUTSIDE: Final = {"now", "utcnow", "today", "uuid1", "uuid4", "open"}
"""Calls whose answers a use case is handed, never fetches."""

COMPOSITION: Final = re.compile(r"api\.(app|accounts|cli|worker)\b")
"""Where adapters meet the edge: the only modules that may know both."""

HEAVY: Final = {"litellm": None, "weasyprint": "render.pdf"}
"""Slow to import, each with the one module that may do so as it is imported itself."""

HANDED_ON: Final = {
    "lxml": "python-docx",
    "markupsafe": "jinja2",
    "psycopg-pool": "psycopg",
    "pydantic-core": "pydantic",
    "starlette": "fastapi",
}
"""Packages that are documented as part of one that we ask for."""


def name_of(path: Path) -> str:
    return str(path.relative_to(SRC))


each_file = pytest.mark.parametrize("path", FILES, ids=name_of)
each_core_file = pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.relative_to(SRC).parts[0] in OUTSIDE],
    ids=name_of,
)


def module_of(path: Path) -> str:
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES: Final = frozenset(module_of(path) for path in FILES)
packages_distributions = cache(_packages_distributions)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    """Return what *nodes* import; of `from a import b`, only `a.b` if that is a module."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or "." * node.level
            full = {f"{base}.{alias.name}" for alias in node.names}
            found |= full if full <= MODULES else {base, *full}
    return found


def all_imports(path: Path) -> set[str]:
    return imported(ast.walk(tree(path)))


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs as the module is imported: everything outside functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from at_import(child)


def tops(modules: Iterable[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


@each_file
def test_imports_point_inwards(path: Path) -> None:
    folder = path.relative_to(SRC).parts[0]

    assert tops(all_imports(path)) & MAY_KNOW.keys() <= MAY_KNOW[folder] | {folder}


@each_file
def test_imports_are_written_out_in_full(path: Path) -> None:
    assert not any(isinstance(n, ast.ImportFrom) and n.level for n in ast.walk(tree(path)))


@each_core_file
def test_the_core_knows_few_packages(path: Path) -> None:
    folder = path.relative_to(SRC).parts[0]
    foreign = tops(all_imports(path)) - sys.stdlib_module_names - MAY_KNOW.keys()

    assert foreign <= OUTSIDE[folder]


@each_file
def test_every_package_that_the_code_imports_is_asked_for(path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    asked = {canonicalize_name(Requirement(line).name) for line in lines}
    owners = packages_distributions()
    foreign = tops(all_imports(path)) - sys.stdlib_module_names - MAY_KNOW.keys()
    owned_by = {name: canonicalize_name(owners.get(name, [name])[0]) for name in foreign}

    assert {name for name, o in owned_by.items() if HANDED_ON.get(o, o) not in asked} == set()


@each_core_file
def test_the_core_reaches_no_outside_world(path: Path) -> None:
    names = all_imports(path)

    assert not (names | tops(names)) & OUTSIDE_WORLD


@pytest.mark.parametrize(
    "path", [p for p in FILES if str(p.relative_to(SRC)).startswith(PURE)], ids=name_of
)
def test_the_pure_heart_knows_no_clock_and_no_dice(path: Path) -> None:
    assert not all_imports(path) & CLOCKS_AND_DICE


@each_core_file
def test_the_core_is_handed_its_times_ids_and_files(path: Path) -> None:
    called = {
        func.attr if isinstance(func, ast.Attribute) else func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(func := node.func, ast.Attribute | ast.Name)
    }

    assert not called & GIVEN_FROM_OUTSIDE


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module_of(path): all_imports(path) & MODULES - {module_of(path)} for path in FILES}

    TopologicalSorter(graph).prepare()


@each_file
def test_only_the_composition_root_knows_both_routes_and_adapters(path: Path) -> None:
    module = module_of(path)
    sides = {
        side
        for side in ("api.http", "api.adapters")
        for name in {module, *all_imports(path)}
        if f"{name}.".startswith(f"{side}.")
    }

    assert len(sides) < 2 or COMPOSITION.match(module)


@each_file
def test_heavy_packages_are_imported_late(path: Path) -> None:
    early = tops(imported(at_import(tree(path))))

    assert not early & {name for name, home in HEAVY.items() if home != module_of(path)}


@each_file
def test_nothing_runs_at_import(path: Path) -> None:
    declarations = (
        ast.Import
        | ast.ImportFrom
        | ast.Assign
        | ast.AnnAssign
        | ast.FunctionDef
        | ast.AsyncFunctionDef
        | ast.ClassDef
    )
    others = [
        n
        for n in tree(path).body
        if not isinstance(n, declarations) and not is_text(n) and not is_main_guard(n)
    ]

    assert [f"{path.name}:{node.lineno}" for node in others] == []


def is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def is_main_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


@pytest.mark.parametrize("path", [p for p in FILES if p.name == "__init__.py"], ids=name_of)
def test_a_package_file_holds_its_docstring_and_nothing_else(path: Path) -> None:
    assert len(tree(path).body) == 1
    assert ast.get_docstring(tree(path))


@each_file
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@each_file
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    long = [
        f"{node.name} has {lines}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]

    assert long == []


def test_nothing_but_the_five_packages_stands_under_src() -> None:
    made_by_tools = {"__pycache__", "refolio.egg-info"}

    assert {path.name for path in SRC.iterdir()} - made_by_tools == MAY_KNOW.keys()


def test_every_folder_with_code_is_a_package() -> None:
    assert [str(p) for p in FILES if not (p.parent / "__init__.py").exists()] == []


@pytest.mark.parametrize("name", sorted(MAY_KNOW))
def test_no_installed_distribution_stands_in_front_of_ours(name: str) -> None:
    site = Path(sysconfig.get_path("purelib"))

    assert set(packages_distributions().get(name, ["refolio"])) == {"refolio"}
    assert not (site / f"{name}.py").exists()
