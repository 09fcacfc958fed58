"""Imports go one way: adapters to the service, the service to its parts, all of them to the models."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

from tests.paths import ROOT

FILES = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("adapters/**/*.py")])
CHAT = ("adapters", "discord", "slack_bolt", "slack_sdk", "aiohttp")
DOOR = {"service", "delivery", "models", "errors", "settings", "presentation", "pages", "dates", "links"}


def to_module(path: Path, root: Path = ROOT) -> str:
    """Name the module that a file holds."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path, root: Path = ROOT) -> Iterator[str]:
    """Give every module that a file imports, at its top or in a function, by statement or by name."""
    package = ".".join(path.relative_to(root).parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_name("." * node.level + (node.module or ""), package)
            # `from bot import service` imports a module, `from bot.service import ask` does not import bot.service.ask
            yield from (f"{origin}.{alias.name}" if origin == "bot" else origin for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            yield from (str(argument.value) for argument in node.args[:1] if isinstance(argument, ast.Constant))


def is_in(module: str, packages: tuple[str, ...] | set[str]) -> bool:
    """Whether a module is one of the packages or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def imports_in(*packages: str) -> Iterator[tuple[str, str]]:
    """Give every import of these packages as (importer, imported)."""
    for path in FILES:
        if is_in(to_module(path), packages):
            yield from ((to_module(path), imported) for imported in imports_of(path))


@pytest.mark.parametrize(
    "line",
    [
        "import bot.service",
        "import os, bot.service as door",
        "from bot import service",
        "from bot.service import ask",
        "from ..service import ask",
        "from .. import service",
        "def late():\n    from bot.service import ask",
        "import importlib\nimportlib.import_module('bot.service')",
        "__import__('bot.service')",
    ],
)
def test_an_import_is_seen_however_it_is_written(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bot" / "search" / "index.py"
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert "bot.service" in set(imports_of(path, tmp_path))


def test_the_walk_sees_every_file_of_both_packages() -> None:
    modules = {to_module(path) for path in FILES}
    assert {"bot.models", "bot.search.index", "bot.transcripts.edition", "adapters.terminal.__main__"} <= modules


def test_the_core_knows_no_adapter_and_no_chat_library() -> None:
    assert [pair for pair in imports_in("bot") if is_in(pair[1], CHAT)] == []


def test_adapters_see_of_the_core_only_its_door_and_its_values() -> None:
    seen = {pair for pair in imports_in("adapters") if is_in(pair[1], ("bot",))}
    assert seen
    assert {pair for pair in seen if pair[1].removeprefix("bot.") not in DOOR} == set()


def test_models_and_errors_import_nothing_of_the_project() -> None:
    assert [pair for pair in imports_in("bot.models", "bot.errors") if is_in(pair[1], ("bot", "adapters"))] == []


def test_transcripts_know_nothing_of_the_search_or_the_service() -> None:
    assert [pair for pair in imports_in("bot.transcripts") if is_in(pair[1], ("bot.search", "bot.service"))] == []


def test_the_search_knows_of_transcripts_only_their_sentences() -> None:
    allowed = ("bot.search", "bot.transcripts.sentences", "bot.models", "bot.errors")
    used = [pair for pair in imports_in("bot.search") if is_in(pair[1], ("bot",))]
    assert used
    assert [pair for pair in used if not is_in(pair[1], allowed)] == []


def test_nothing_in_the_core_but_the_door_for_delivery_imports_a_door() -> None:
    doors = ("bot.service", "bot.delivery")
    assert {pair for pair in imports_in("bot") if is_in(pair[1], doors)} == {("bot.delivery", "bot.service")}


def test_the_daily_quote_and_the_store_stay_in_their_layers() -> None:
    below = ("bot.store", "bot.daily", "bot.search", "bot.models", "bot.errors", "bot.presentation")
    assert [pair for pair in imports_in("bot.daily") if is_in(pair[1], ("bot",)) and not is_in(pair[1], below)] == []
    own = ("bot.store", "bot.errors")
    assert [pair for pair in imports_in("bot.store") if is_in(pair[1], ("bot",)) and not is_in(pair[1], own)] == []


def test_only_the_terminal_prints() -> None:
    printing = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        if not is_in(to_module(path), ("adapters.terminal",))
    ]
    assert printing == []


def test_an_answer_in_the_terminal_loads_no_chat_library(tmp_path: Path) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "adapters.terminal", "ask", "scaling", "laws"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert {"bot.service", "rank_bm25"} <= loaded
    unwanted = ("discord", "slack_bolt", "slack_sdk", "aiohttp", "sqlalchemy", "rich")
    assert {module for module in loaded if is_in(module, unwanted)} == set()
