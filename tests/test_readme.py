"""The README keeps its word: its commands run, and the answer it shows is the answer given."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
ANSWER = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/ilya ask scaling laws"
TESTS = "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/pytest"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def blocks() -> list[str]:
    """Give what stands in the README's fences."""
    return re.findall(r"^```\w*\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def run_last_step(command: str, *more: str) -> str:
    """Run the last step of a command, with this environment's programs, from the project's folder."""
    program, *arguments = shlex.split(command.rpartition(" && ")[2])
    here = [str(BIN / Path(program).name), *arguments, *more]
    done = subprocess.run(here, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("command", [ANSWER, TESTS])
def test_the_commands_to_begin_with_stand_alone_to_be_copied(command: str) -> None:
    assert f"{command}\n" in blocks()


def test_the_answer_that_the_readme_shows_is_the_answer_given() -> None:
    given = " ".join(run_last_step(ANSWER).split())
    shown = [" ".join(block.split()) for block in blocks() if block.startswith("“")]
    assert shown
    assert all(given.startswith(answer) for answer in shown)


def test_the_tests_can_be_run_as_the_readme_says() -> None:
    assert "test_dates.py::" in run_last_step(TESTS, "--collect-only", "-q", "tests/bot/test_dates.py")


def test_the_example_for_programs_has_the_keys_that_programs_get_in_their_order() -> None:
    shown = next(block for block in blocks() if block.startswith('{"query"'))
    given = run_last_step(f"{ANSWER} --json -n 1")
    keys = r'"(\w+)": '
    assert re.findall(keys, shown) == re.findall(keys, given)


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_in_its_table_is_one(tmp_path: Path) -> None:
    commands = re.findall(r"^\| `ilya (\w+)", README, re.MULTILINE)
    assert {"ask", "check", "eval"} <= set(commands)
    for command in commands:
        done = subprocess.run(
            [BIN / "ilya", command, "--help"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
            env=os.environ,
            timeout=60,
        )
        assert done.returncode == 0
