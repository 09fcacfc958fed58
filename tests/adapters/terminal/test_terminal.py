"""The command as its users run it: as a process where the terminal counts, in this one where only the output does."""

from __future__ import annotations

import gc
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.terminal.__main__ import main
from bot.models import Role
from bot.settings import Settings
from bot.transcripts.library import Library
from tests.editions import write_edition
from tests.paths import EPISODES

COMMAND = [sys.executable, "-m", "adapters.terminal"]
ESCAPE = "\x1b"
FAULTY = 2

GOOD_BODY = """**Anna Host:** What makes a sandwich?

**Ilya Sutskever:** A sandwich is bread, with cheese between, and nothing more.
<!-- topics: sandwiches; bread and cheese -->"""

HIT = ["passage", "score", "kind", "speaker", "quote", "asked", "episode", "start", "time", "url", "source"]
PASSAGE = [key for key in HIT if key != "score"]
EPISODE = ["id", "title", "show", "published", "url"]
STRETCH = ["file", "start", "end"]


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Stand in an empty folder with no setting of the project set, and leave the process as it was."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "no_color"):
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    yield
    gc.enable()


@pytest.fixture
def episodes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Set a folder with one small edition as the folder of episodes."""
    folder = write_edition(tmp_path, GOOD_BODY).parent
    monkeypatch.setenv("EPISODES_DIR", str(folder))
    return folder


class Terminal:
    """Runs the command in this process, on what is set now."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.errors = ""

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run the command, expect its exit code, and give what it writes; errors are kept."""
        try:
            found = main(list(arguments))
        except SystemExit as stop:  # argparse ends so
            found = int(stop.code or 0)
        written = self.capsys.readouterr()
        self.errors = written.err
        assert found == code, written.err
        return written.out

    def run_json(self, *arguments: str) -> list[dict[str, Any]]:
        """Run the command and read the objects it writes, one a line."""
        return [json.loads(line) for line in self.run(*arguments).splitlines()]

    def refuse(self, *arguments: str) -> str:
        """Run a command that cannot be done, and give what it says."""
        assert self.run(*arguments, code=FAULTY) == ""
        return self.errors


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Give the command, run in this process."""
    return Terminal(capsys)


def start(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, check=False, env=os.environ | environment, timeout=60
    )


def start_on_terminal(*arguments: str, **environment: str) -> str:
    """Run the command on a pseudo-terminal, and give what it writes there."""
    ours, theirs = pty.openpty()
    environment = {"TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with subprocess.Popen([*COMMAND, *arguments], stdout=theirs, stdin=theirs, env=os.environ | environment) as process:
        os.close(theirs)
        written = b""
        while part := _read(ours):
            written += part
    os.close(ours)
    assert process.returncode == 0
    return written.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux tells so that the other side is closed
        return b""


# ask


def test_scaling_laws_are_answered_with_the_guests_reply_not_with_the_hosts_question(terminal: Terminal) -> None:
    (answer,) = terminal.run_json("ask", "scaling", "laws", "--json")
    first = answer["hits"][0]
    assert answer["answered"] is True
    assert first["quote"].startswith("The thing is that the scaling law tells you")
    assert first["asked"].startswith("How seriously do you take these scaling laws?")
    assert (first["speaker"], first["kind"]) == ("Ilya Sutskever", "verbatim")
    assert re.fullmatch(r"https://www\.youtube\.com/watch\?v=Yf1o0TQzry8&t=2\d\d\ds", first["url"])
    assert first["source"] == [{"file": "004_4ce4f833089e0e5e.txt", "start": 35101, "end": 35595}]


def test_an_answer_for_programs_has_the_form_that_the_readme_promises(terminal: Terminal) -> None:
    (answer,) = terminal.run_json("ask", "scaling laws", "--json")
    assert list(answer) == ["query", "answered", "notice", "suggestions", "hits"]
    assert answer["query"] == "scaling laws"
    assert 1 < len(answer["hits"]) <= 5
    for hit in answer["hits"]:
        assert list(hit) == HIT
        assert list(hit["episode"]) == EPISODE
        assert [list(part) for part in hit["source"]] == [STRETCH] * len(hit["source"])
        assert hit["source"]
        assert (hit["kind"] == "summary") == (hit["speaker"] is None)
        assert hit["time"] in ("exact", "estimated", "none")
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_people_get_the_words_who_asked_where_when_and_a_link(terminal: Terminal) -> None:
    words, asked, place, link = terminal.run("ask", "-n", "1", "scaling", "laws").splitlines()
    assert words.startswith("“The thing is that the scaling law tells you")
    assert words.endswith("”")
    assert asked.startswith("— Ilya Sutskever, asked by Dwarkesh Patel: “How seriously do you take these scaling laws?")
    assert re.search(r" · The Lunar Society.* · 27 March 2023 · ≈ 3\d:\d\d$", place)
    assert link.startswith("https://www.youtube.com/watch?v=Yf1o0TQzry8&t=")


def test_a_summary_is_called_one_and_stands_in_no_quotation_marks(terminal: Terminal) -> None:
    shown = terminal.run("ask", "-n", "1", "--episode", "theory-session-2022", "AlexNet")
    first, words, *_ = shown.splitlines()
    assert first == "From a summary by ChannelCapacity999:"
    assert not words.startswith("“")
    assert "— Ilya" not in shown


def test_no_more_answers_are_shown_than_asked_for(terminal: Terminal) -> None:
    (answer,) = terminal.run_json("ask", "-n", "2", "AI", "--json")
    assert len(answer["hits"]) == 2


def test_one_episode_may_be_asked_alone(terminal: Terminal) -> None:
    (answer,) = terminal.run_json("ask", "--episode", "lex-94", "backpropagation", "--json")
    assert answer["hits"]
    assert {hit["episode"]["id"] for hit in answer["hits"]} == {"lex-94"}


def test_without_an_answer_it_says_so_and_names_topics(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    shown = terminal.run("ask", "zebra", "stripes", "sandwich")
    assert "“zebra stripes sandwich”" in shown
    assert re.search("There is something on: sandwiches$", shown, re.MULTILINE)
    assert "—" not in shown
    (answer,) = terminal.run_json("ask", "zebra stripes sandwich", "--json")
    assert answer == {
        "query": "zebra stripes sandwich",
        "answered": False,
        "notice": "",
        "suggestions": ["sandwiches"],
        "hits": [],
    }


def test_where_no_topic_is_near_it_is_told_what_there_is(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    assert terminal.run("ask", "zebra", "stripes").endswith("\nThere is something on: sandwiches; bread and cheese\n")


def test_each_line_given_is_answered_by_one_object_in_order() -> None:
    lines = [
        "scaling laws",
        "",
        "zebra-striped xylophones",
        "  ",
        "?!",
        'quotes \t "in"  a {line} ',
        " AGI",
        "x" * 2000,
    ]
    done = start("ask", "--json", "-", given="\n".join(lines).encode())
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["query"] for answer in answers] == lines
    assert [answer["answered"] for answer in answers][:5] == [True, False, False, False, False]
    assert answers[6]["answered"]
    assert done.stderr.decode().count("There is nothing to search for") == 3


@pytest.mark.parametrize("given", [b"cheese\r\nbread\r\n", b"cheese\nbread", b""])
def test_lines_may_end_in_any_way_and_nothing_given_is_nothing_answered(
    terminal: Terminal, episodes: Path, monkeypatch: pytest.MonkeyPatch, given: bytes
) -> None:
    assert episodes
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
    answers = terminal.run_json("ask", "--json", "-")
    assert [answer["query"] for answer in answers] == given.decode().split()


def test_a_notice_is_given_to_programs_too(terminal: Terminal) -> None:
    (answer,) = terminal.run_json("ask", "bakpropagation", "--json")
    assert answer["notice"] == "Showing answers for “backpropagation”."


def test_what_is_asked_is_explained_whatever_else_is_wanted(terminal: Terminal) -> None:
    explained = terminal.run("ask", "backpropagation", "-n", "2", "--explain", "--episode", "lex-94")
    assert re.findall(r"^  (\S+:\S+)  score", explained, re.MULTILINE)
    assert "dwarkesh-2023:" not in explained
    assert "  score " in terminal.run("ask", '"scaling the law"', "--explain")


def test_explained_lines_are_explained_one_by_one(
    terminal: Terminal, episodes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert episodes
    monkeypatch.setattr(sys, "stdin", io.StringIO("cheese\nbread\n"))
    assert terminal.run("ask", "-", "--explain").count("  score ") == 2


def test_an_explanation_is_for_people_and_not_to_be_had_as_json(terminal: Terminal) -> None:
    assert "not allowed with argument" in terminal.refuse("ask", "agi", "--explain", "--json")


def test_an_interrupt_ends_it_without_a_word() -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"scaling laws\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 130


def test_an_edition_of_its_own_is_answered_from(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    shown = terminal.run("ask", "cheese sandwich")
    assert shown.startswith(
        "“A sandwich is bread, with cheese between, and nothing more.”\n— Ilya Sutskever, asked by Anna"
    )


def test_who_is_quoted_can_be_set(terminal: Terminal, episodes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_edition(episodes.parent, "**Bob Guest:** A sandwich wants a pickle.", id="show-2", guest="Bob Guest")
    monkeypatch.setenv("PERSONA", "Bob Guest")
    (answer,) = terminal.run_json("ask", "sandwich", "--json")
    assert [hit["speaker"] for hit in answer["hits"]] == ["Bob Guest"]


# What cannot be done


@pytest.mark.parametrize("words", [(), ("",), ("  ",), ("?",), ("—", "…")])
def test_an_empty_query_is_refused_with_an_example(terminal: Terminal, episodes: Path, words: tuple[str, ...]) -> None:
    assert episodes
    assert is_a_sentence(terminal.refuse("ask", *words))
    assert "for example: scaling laws" in terminal.errors


def test_an_unknown_episode_is_refused_with_those_there_are(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    for command in (("ask", "cheese"), ("passages",)):
        assert is_a_sentence(terminal.refuse(*command, "--episode", "nope"))
        assert terminal.errors == "ilya: There is no episode 'nope'. There are: show-1.\n"


@pytest.mark.parametrize(
    "command", [("ask", "agi"), ("random",), ("episodes",), ("topics",), ("passages",), ("check",)]
)
def test_a_missing_folder_is_told_with_the_setting_that_names_it(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("EPISODES_DIR", str(tmp_path / "none"))
    assert is_a_sentence(terminal.refuse(*command))
    assert str(tmp_path / "none") in terminal.errors


def test_a_folder_with_only_a_broken_edition_is_told_with_the_place(terminal: Terminal, episodes: Path) -> None:
    (episodes / "show-1.md").write_text("---\nid: a\n---\n", encoding="utf-8")
    terminal.refuse("ask", "cheese")
    assert terminal.errors.startswith("ilya: No edition in ")
    assert f"{episodes / 'show-1.md'}:2: title is missing" in terminal.errors


def test_a_broken_edition_beside_good_ones_is_told_and_the_rest_answers(terminal: Terminal, episodes: Path) -> None:
    (episodes / "broken.md").write_text("---\nid: a\n---\n", encoding="utf-8")
    (answer,) = terminal.run_json("ask", "cheese", "--json")
    assert answer["answered"]
    assert terminal.errors == (
        f"left out: {episodes / 'broken.md'}:2: title is missing; expected the episode's title\n"
    )


def test_settings_that_cannot_be_used_are_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMAND_NAME", "!")
    assert is_a_sentence(terminal.refuse("topics"))
    assert "COMMAND_NAME" in terminal.errors


@pytest.mark.parametrize(
    "command",
    [(), ("aks", "agi"), ("ask", "--nope"), ("ask", "-n", "0", "agi"), ("ask", "-n", "101"), ("ask", "-n", "x")],
)
def test_what_is_no_command_is_told_with_how_to_use_it(terminal: Terminal, command: tuple[str, ...]) -> None:
    terminal.refuse(*command)
    usage, *_, last = terminal.errors.splitlines()
    assert usage.startswith("usage: ilya")
    assert re.match(r"ilya( ask)?: error: ", last)


def test_help_names_every_command(terminal: Terminal) -> None:
    shown = terminal.run("--help")
    for command in ("ask", "random", "episodes", "topics", "passages", "check", "eval"):
        assert re.search(rf"^ +{command} ", shown, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "given", "encoding"),
    [
        (("ask", "cheese"), b"", "ascii"),
        (("ask", b"zebra\xff"), b"", "utf-8:strict"),
        (("ask", "--json", b"zebra\xff"), b"", "utf-8:strict"),
        (("ask", "--json", "-"), b"zebra\xff\ncheese\n", "utf-8:strict"),
    ],
)
def test_text_that_cannot_be_read_or_shown_ends_in_no_traceback(
    episodes: Path, arguments: tuple[str | bytes, ...], given: bytes, encoding: str
) -> None:
    assert episodes
    done = start(*(os.fsdecode(argument) for argument in arguments), given=given, PYTHONIOENCODING=encoding)
    assert b"Traceback" not in done.stderr
    assert done.returncode in (0, FAULTY)


def test_a_process_that_cannot_do_it_ends_with_code_2_and_no_traceback() -> None:
    done = start("ask", "", EPISODES_DIR="none")
    assert (done.returncode, done.stdout) == (FAULTY, b"")
    assert is_a_sentence(done.stderr.decode())


def is_a_sentence(errors: str) -> bool:
    """Whether an error is told in one line after the command's name."""
    return re.fullmatch(r"ilya: \S[^\n]+\n", errors) is not None


# What a terminal shows


def test_piped_output_has_no_escape_codes() -> None:
    done = start("ask", "scaling", "laws", FORCE_COLOR="1", TERM="xterm-256color")
    assert done.stdout.startswith("“The thing is".encode())
    assert ESCAPE.encode() not in done.stdout


def test_on_a_terminal_the_words_looked_for_are_bold() -> None:
    shown = start_on_terminal("ask", "scaling", "laws")
    assert f"{ESCAPE}[1mscaling{ESCAPE}[0m" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert ESCAPE not in plain
    assert plain.split() == start("ask", "scaling", "laws").stdout.decode().split()


def test_no_color_is_heeded_on_a_terminal() -> None:
    assert ESCAPE not in start_on_terminal("ask", "scaling", "laws", NO_COLOR="1")


def test_a_reader_that_stops_early_gets_no_traceback() -> None:
    with subprocess.Popen([*COMMAND, "passages", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# The other commands


def test_topics_are_listed_in_order(terminal: Terminal) -> None:
    topics = terminal.run("topics").splitlines()
    assert len(topics) > 100
    assert topics == sorted(topics, key=str.casefold)


def test_topics_can_be_narrowed_down(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    assert terminal.run("topics") == "bread and cheese\nsandwiches\n"
    assert terminal.run("topics", "CHEESE", "bread") == "bread and cheese\n"
    assert terminal.run("topics", "zebra") == ""


def test_every_passage_is_printed_with_its_source_under_its_own_speaker(terminal: Terminal, shipped: Library) -> None:
    printed = terminal.run_json("passages", "--json")
    assert [line["passage"] for line in printed] == [passage.id for passage in shipped.passages]
    for line, passage in zip(printed, shipped.passages, strict=True):
        assert list(line) == PASSAGE
        assert line["quote"] == passage.text
        assert line["source"]
        expected = {Role.HOST: passage.episode.hosts, Role.GUEST: passage.episode.guests}.get(passage.role, (None,))
        assert line["speaker"] in expected
        assert (line["kind"] == "summary") == (passage.role is Role.SUMMARY)


def test_the_passages_of_one_episode_can_be_printed(terminal: Terminal) -> None:
    assert {line["episode"]["id"] for line in terminal.run_json("passages", "--json", "--episode", "lex-94")} == {
        "lex-94"
    }
    lines = terminal.run("passages", "--episode", "lex-94").splitlines()
    assert lines
    assert all(re.match(r"lex-94-\w+:[a-z2-7]{6}(-\d+)?  .+: .+", line) for line in lines)


def test_an_episode_is_shown_with_its_name_its_day_and_its_address(terminal: Terminal, episodes: Path) -> None:
    assert episodes
    (episode,) = terminal.run_json("episodes", "--json")
    shown = terminal.run("episodes")
    assert shown == f"show-1  A talk · The Show · 27 March 2023\n    {episode['url']}\n"


def test_episodes_are_listed_newest_first(terminal: Terminal) -> None:
    listed = terminal.run_json("episodes", "--json")
    assert [list(line) for line in listed] == [EPISODE] * len(listed)
    assert [line["published"] for line in listed] == sorted((line["published"] for line in listed), reverse=True)
    assert {"dwarkesh-2023", "lex-94", "theory-session-2022"} <= {line["id"] for line in listed}


def test_chance_shows_the_guests_own_words(terminal: Terminal, shipped: Library) -> None:
    own = {passage.id for passage in shipped.passages if passage.speaker == "Ilya Sutskever"}
    (passage,) = terminal.run_json("random", "--json")
    assert list(passage) == PASSAGE
    assert passage["passage"] in own
    assert passage["speaker"] == "Ilya Sutskever"
    assert re.match("“[^”]+”\n— Ilya Sutskever", terminal.run("random"))


def test_the_shipped_editions_are_in_order(terminal: Terminal) -> None:
    shown = terminal.run("check")
    assert terminal.errors == ""
    for path in EPISODES.glob("*.md"):
        assert re.search(rf"^{path.stem}  (transcript|summary): ", shown, re.MULTILINE)


def test_an_edition_without_a_raw_text_is_called_unproven(terminal: Terminal, episodes: Path) -> None:
    assert "unproven" in terminal.run("check")
    write_edition(episodes.parent, GOOD_BODY, re.sub(r"<.*>|\*\*.*?\*\*", "", GOOD_BODY))
    assert "unproven" not in terminal.run("check")


def test_a_broken_edition_is_refused_with_file_line_and_reason(terminal: Terminal, episodes: Path) -> None:
    write_edition(episodes.parent, GOOD_BODY, "what makes a salad", id="astray")
    shown = terminal.run("check", code=FAULTY)
    assert "show-1  transcript: 2 turns, 2 passages, 2 topics" in shown
    assert terminal.errors.startswith(f"{episodes / 'astray.md'}:13: the edition has 'sandwich")


def test_another_folder_can_be_checked(terminal: Terminal, episodes: Path) -> None:
    write_edition(episodes.parent / "other", GOOD_BODY, id="other-1")
    shown = terminal.run("check", str(episodes.parent / "other" / "episodes"))
    assert "other-1  transcript" in shown
    assert "show-1" not in shown


def test_eval_prints_the_measures_by_type_and_over_all(terminal: Terminal) -> None:
    header, *rows, refusals = terminal.run("eval").splitlines()
    assert header.split() == ["n", "success@1", "success@5", "nDCG@5"]
    measured = {row.split()[0]: [float(number) for number in row.split()[1:]] for row in rows}
    assert {"keyword", "question", "all"} <= set(measured)
    assert sum(numbers[0] for numbers in measured.values()) == 2 * measured["all"][0]
    assert all(0 <= number <= 1 for numbers in measured.values() for number in numbers[1:])
    assert re.fullmatch(r"unanswerable refused \d+/\d+; answerable refused \d+/\d+", refusals)


def test_other_queries_can_be_scored(terminal: Terminal, episodes: Path) -> None:
    raw = "a sandwich is bread with cheese between and nothing more"
    write_edition(episodes.parent, GOOD_BODY, f"what makes a sandwich {raw}")
    queries = episodes.parent / "queries.jsonl"
    answer = {"seed": "show-1", "start": 22, "end": 78, "grade": 3}
    lines = [
        {"qid": "a", "query": "cheese", "type": "keyword", "answers": [answer]},
        {"qid": "b", "query": "zebra", "type": "none", "answers": []},
    ]
    queries.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    expected = "1 1.000 1.000 1.000"
    for command in (("eval",), ("eval", str(queries))):
        shown = " ".join(terminal.run(*command).split())
        assert f"keyword {expected} all {expected} unanswerable refused 1/1; answerable refused 0/1" in shown


def test_queries_that_cannot_be_read_are_told(terminal: Terminal, episodes: Path) -> None:
    queries = episodes.parent / "bad.jsonl"
    queries.write_text("{}\n", encoding="utf-8")
    assert is_a_sentence(terminal.refuse("eval", str(queries)))
    assert f"{queries}:1: not a judged query" in terminal.errors
    assert is_a_sentence(terminal.refuse("eval", "none.jsonl"))
