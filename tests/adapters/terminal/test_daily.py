from __future__ import annotations

import asyncio
import gc
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.terminal.__main__ import main
from adapters.terminal.daily import FilePoster, append_once
from adapters.terminal.render import to_hit_json
from bot.delivery import ChannelGoneError
from bot.models import Hit
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.posts import last_posts
from bot.store.rows import PostState, SubscriptionRow, SubscriptionState
from bot.store.subscriptions import find_subscription, set_due, set_state
from tests.bot.daily.parts import POOL, find
from tests.bot.search.corpus import said

COMMAND = [sys.executable, "-m", "adapters.terminal"]
URL = "sqlite:///data/ilya.db"
FAULTY = 2
PATIENCE = 30


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder with no setting of the project set."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "no_color"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("DATABASE_URL", URL)


class Shown(NamedTuple):
    """How the command ended and what it wrote."""

    code: int
    out: str
    errors: str


class Terminal:
    """Runs the command in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def run(self, *arguments: str) -> Shown:
        """Run the command to its end."""
        try:
            return Shown(main(list(arguments)), *self.capsys.readouterr())
        finally:
            gc.enable()


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Give the command."""
    return Terminal(capsys)


class Run:
    """`ilya daily run` as a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        """Wait for the next line on its output."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def error(self) -> str:
        """Wait for the next line of its errors."""
        assert self.process.stderr
        return self.process.stderr.readline()

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; give how it ends, and what else it has to say."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


@contextmanager
def run(to: str = "quotes.jsonl", at: str = "09:00", *arguments: str, shown: str = "UTC") -> Iterator[Run]:
    """Run the delivery to a file; it has begun when this gives it."""
    command = [*COMMAND, "daily", "run", "--to", to, "--time", at, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            made = Run(process)
            assert made.line() == f"Posting to {to} every day at {at} ({shown}). Stop with Ctrl-C.\n"
            yield made
        finally:
            if process.poll() is None:
                process.kill()


async def look(file: Path) -> tuple[SubscriptionRow, list[tuple[str, PostState]]]:
    """Give a file's subscription, and its posts by date."""
    async with open_database(URL) as database, database.connect() as connection:
        row = await find_subscription(connection, "file", "terminal", str(file.resolve()))
        assert row
        return row, [(post.local_date, post.state) for post in await last_posts(connection, row.id)]


async def make_due(file: Path) -> str:
    """Let a file's quote have been due two seconds ago, as though the bot had been away; give the date."""
    row, _ = await look(file)
    now = datetime.now(UTC)
    async with open_database(URL) as database, database.begin() as connection:
        await set_due(connection, row.id, int(now.timestamp()) - 2, now.date().isoformat())
    return now.date().isoformat()


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Wait for something that a process does to a file: it says nothing when it has."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < deadline
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.02)


def read(file: Path) -> list[dict[str, Any]]:
    """Read a file of posts."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


# What comes


def test_a_preview_shows_a_quote_a_day_with_its_time_and_its_source(terminal: Terminal) -> None:
    done = terminal.run("daily", "preview", "--days", "30", "--zone", "Europe/Berlin", "--time", "7:30")
    assert (done.code, done.errors) == (0, "")
    days = re.findall(r"^(\w+, \d\d \w+ \d{4}), 07:30 CES?T$", done.out, re.MULTILINE)
    dates = [datetime.strptime(day, "%A, %d %B %Y").replace(tzinfo=UTC) for day in days]
    assert len(dates) == 30
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates))
    shown = re.findall(r"^“.+”$", done.out, re.MULTILINE)
    assert len(set(shown)) == 30
    assert done.out.count("https://") >= 30
    assert done.out.startswith("As some channel might get them; each has an order of its own")


def test_a_preview_on_a_topic_in_an_episode_on_some_days_shows_only_those(terminal: Terminal) -> None:
    done = terminal.run(
        "daily", "preview", "--days", "4", "--episode", "robot-brains-2021", "--weekdays", "mon-wed", "--time", "21:00"
    )
    assert (done.code, done.errors) == (0, "")
    assert set(re.findall(r"^(\w+), \d\d \w+ \d{4}", done.out, re.MULTILINE)) <= {"Monday", "Tuesday", "Wednesday"}
    assert done.out.count("The Robot Brains Podcast") == 4


def test_a_file_that_nothing_is_posted_to_has_no_preview(terminal: Terminal) -> None:
    done = terminal.run("daily", "preview", "--to", "quotes.jsonl")
    assert (done.code, done.out) == (FAULTY, "")
    assert "Begin with: ilya daily run --to quotes.jsonl" in done.errors


@pytest.mark.asyncio
async def test_the_preview_of_a_file_is_what_is_posted_to_it_at_the_times_set_for_it(tmp_path: Path) -> None:
    file = tmp_path / "quotes.jsonl"
    with run("quotes.jsonl", "07:30", "--zone", "Asia/Tokyo", "--weekdays", "daily", shown="Asia/Tokyo") as running:
        assert running.end(signal.SIGTERM) == (0, "")
    await make_due(file)
    shown = await asyncio.to_thread(show_preview, "--to", "quotes.jsonl", "--days", "2")
    first, second = re.findall(r"^“.+”$", shown.stdout, re.MULTILINE)
    assert re.search(r", 07:30 JST$", shown.stdout, re.MULTILINE)
    with run("quotes.jsonl", "07:30", "--zone", "Asia/Tokyo", shown="Asia/Tokyo") as running:
        await asyncio.to_thread(wait_until, lambda: len(read(file)) == 1, running.process)
        assert running.end(signal.SIGTERM) == (0, "")
    (post,) = read(file)
    assert f"“{post['quote']}”" == first != second
    row, _ = await look(file)
    async with open_database(URL) as database, database.begin() as connection:
        await set_state(connection, row.id, SubscriptionState.PAUSED, "paused by hand")
    paused = await asyncio.to_thread(show_preview, "--to", "quotes.jsonl", "--days", "1")
    assert paused.stderr == "The daily quote is paused (paused by hand); if it were resumed, this would come.\n"
    assert second in paused.stdout


def show_preview(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the preview as a process of its own: this one has an event loop running."""
    return subprocess.run([*COMMAND, "daily", "preview", *arguments], check=True, capture_output=True, text=True)


def test_the_bench_tells_what_was_missed_and_what_came_twice(terminal: Terminal) -> None:
    done = terminal.run("daily", "bench", "--subscriptions", "20", "--spread", "0.001")
    assert (done.code, done.errors) == (0, "")
    assert done.out.startswith("20 due in one minute: 20 posted, 0 missed, 0 twice\n")


def test_few_quotes_are_warned_of(terminal: Terminal) -> None:
    done = terminal.run("daily", "preview", "--days", "3", "--topic", "backpropagation")
    assert done.code == 0
    assert re.fullmatch(r"Only \d+ quotes fit: .+\n", done.errors)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("preview", "--zone", "EST"), "abbreviation"),
        (("preview", "--time", "25:00"), "not a time of day"),
        (("preview", "--weekdays", "someday"), "does not name weekdays"),
        (("preview", "--topic", "zebra xylophone"), "No quote fits"),
        (("preview", "--episode", "nope"), "no episode 'nope'"),
        (("run", "--to", "quotes.jsonl", "--zone", "Europe/Londn"), "Europe/London"),
        (("run", "--to", "quotes.jsonl", "--topic", "zebra xylophone"), "No quote fits"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(terminal: Terminal, arguments: tuple[str, ...], told: str) -> None:
    done = terminal.run("daily", *arguments)
    assert (done.code, done.out) == (FAULTY, "")
    assert re.fullmatch(r"ilya: [^\n]+\n", done.errors)
    assert told in done.errors


def test_the_quote_of_the_day_is_the_same_for_everybody(terminal: Terminal) -> None:
    first, again, as_json = (terminal.run(*words) for words in (("today",), ("today",), ("today", "--json")))
    assert (first.code, first.errors) == (0, "")
    assert first.out == again.out
    assert f"“{json.loads(as_json.out)['quote']}”" in first.out


# The delivery


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_it_ends_well(number: signal.Signals) -> None:
    with run() as running:
        assert running.end(number) == (0, "")


@pytest.mark.asyncio
async def test_what_was_missed_is_posted_once_however_often_it_is_run_that_day(tmp_path: Path) -> None:
    file = tmp_path / "quotes.jsonl"
    with run() as running:
        assert running.end(signal.SIGTERM) == (0, "")
    assert read(file) == []
    day = await make_due(file)
    with run() as running:
        await asyncio.to_thread(wait_until, lambda: len(read(file)) == 1, running.process)
        assert running.end(signal.SIGTERM) == (0, "")
    (post,) = read(file)
    assert post["quote"]
    assert post["speaker"] == "Ilya Sutskever"
    assert (await look(file))[1] == [(day, PostState.SENT)]
    for at in ("09:00", "23:59"):
        with run("quotes.jsonl", at) as running:
            assert running.end(signal.SIGINT) == (0, "")
    assert read(file) == [post]


@pytest.mark.asyncio
async def test_a_file_that_cannot_be_written_is_told_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "folder"
    file.mkdir()
    with run("folder") as running:
        assert running.end(signal.SIGTERM) == (0, "")
    day = await make_due(file)
    with run("folder") as running:
        told = await asyncio.to_thread(running.error)
        assert told.startswith(f"{file}: The daily quote is paused. {file} cannot be posted to (")
        assert running.end(signal.SIGTERM) == (0, "")
    row, posts = await look(file)
    assert (row.state, posts) == (SubscriptionState.FAILED, [(day, PostState.FAILED)])


# The file


def test_a_key_is_posted_once(tmp_path: Path) -> None:
    file = tmp_path / "quotes.jsonl"
    hits = [find(passage.id) for passage, _ in POOL.quotes]
    assert hits[0]
    assert hits[1]
    assert append_once(file, hits[0], "a") == "1"
    assert append_once(file, hits[1], "b") == "2"
    assert append_once(file, hits[1], "a") == "1"
    assert read(file) == [{"key": "a"} | to_hit_json(hits[0]), {"key": "b"} | to_hit_json(hits[1])]


def test_a_quote_may_hold_what_ends_lines_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "quotes.jsonl"
    passage = said("A line\u2028and another\x85end.")
    hit = Hit(passage, 0.0, passage.sentences)
    assert [append_once(file, hit, key) for key in ("a", "b", "a", "b")] == ["1", "2", "1", "2"]


@pytest.mark.parametrize("text", ["not a post\n", "not a post", "{}\n", "[1]\n", '{"keys": "a"', '{"key": "\n'])
def test_a_file_that_holds_something_else_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    hit = find(POOL.quotes[0][0].id)
    assert hit
    with pytest.raises(ChannelGoneError, match=r"notes\.txt cannot be posted to"):
        append_once(file, hit, "b")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("length", [1, 7, 9, 40, -1])
def test_a_line_that_a_killed_process_left_unended_is_taken_away(tmp_path: Path, length: int) -> None:
    file = tmp_path / "quotes.jsonl"
    hits = [find(passage.id) for passage, _ in POOL.quotes]
    assert hits[0]
    assert hits[1]
    append_once(file, hits[0], "a")
    append_once(file, hits[1], "b")
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second[:length])
    assert append_once(file, hits[1], "b") == "2"
    assert file.read_bytes() == first + second


@pytest.mark.asyncio
async def test_a_file_keeps_its_keys_for_good(tmp_path: Path) -> None:
    poster, target = FilePoster(), Target(str(tmp_path / "quotes.jsonl"))
    hit = find(POOL.quotes[0][0].id)
    assert hit
    assert [await poster.post(target, hit, "a") for _ in range(3)] == ["1", "1", "1"]
    assert poster.remembers_keys_for > 10 * 365 * 24 * 3600


class Target:
    """A file as a channel."""

    tenant = "terminal"
    set_by = "terminal"

    def __init__(self, channel: str) -> None:
        self.channel = channel
