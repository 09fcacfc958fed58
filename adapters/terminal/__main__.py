"""`ilya …`: arguments in, a command run, errors as one sentence and exit code 2."""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
from typing import Any

from bot.errors import QuoteBotError

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells give it: 128 and the number of the signal."""


def build_parser() -> argparse.ArgumentParser:
    """Describe the commands and their options."""
    parser = argparse.ArgumentParser(prog="ilya", description="Quote what was said, word for word, with a link.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ask = commands.add_parser("ask", help="search the episodes: ilya ask scaling laws")
    ask.add_argument("words", nargs="*", metavar="WORDS", help="what it is about, or - to read a query a line")
    ask.add_argument("-n", dest="count", type=_count, default=5, metavar="N", help="show at most N answers (5)")
    ask.add_argument("--episode", metavar="ID", help="search only this episode (ilya episodes lists them)")
    ask.add_argument("--weak", action="store_true", help="show the nearest passages even where none answers")
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--explain", action="store_true", help="show what each score is made of")
    _add_json(form)

    _add_json(commands.add_parser("random", help="show something he said, taken by chance"))
    _add_json(commands.add_parser("episodes", help="list the episodes"))

    _add_json(commands.add_parser("today", help="show the quote of the day, the same for everybody"))
    _add_daily(commands.add_parser("daily", help="the daily quote: what comes, and a delivery to try"))

    topics = commands.add_parser("topics", help="list what there is to ask about")
    topics.add_argument("words", nargs="*", metavar="WORDS", help="only topics with these words")

    passages = commands.add_parser("passages", help="print every passage")
    passages.add_argument("--episode", metavar="ID", help="only those of this episode")
    _add_json(passages)

    check = commands.add_parser("check", help="validate the editions against their raw texts")
    check.add_argument("folder", nargs="?", metavar="FOLDER", help="the folder of editions (EPISODES_DIR)")

    bench = commands.add_parser("bench", help="time the search")
    bench.add_argument("queries", nargs="?", metavar="FILE", help="judged queries (seeds/queries.jsonl)")
    bench.add_argument("--rounds", type=_count, default=20, metavar="N", help="ask every query N times (20)")

    discord = _add_actions(commands.add_parser("discord", help="for Discord: invite, sync"))
    discord.add_parser("invite", help="print the link that invites it")
    discord.add_parser("sync", help="tell Discord the commands at the next start, changed or not")
    slack = _add_actions(commands.add_parser("slack", help="for Slack: manifest"))
    manifest = slack.add_parser("manifest", help="print the app's manifest, to paste")
    manifest.add_argument("--url", default="", metavar="URL", help="the public address (https://…); none: Socket Mode")

    evaluation = commands.add_parser("eval", help="score the judged queries")
    evaluation.add_argument("queries", nargs="?", metavar="FILE", help="judged queries (seeds/queries.jsonl)")
    evaluation.add_argument("--failures", action="store_true", help="show what went wrong, and why")
    evaluation.add_argument("--tune", action="store_true", help="search for better weights, with cross-validation")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run a command and give its exit code: 0 done, 2 not to be done, 130 interrupted."""
    # One query needs no threads; starting a pool of them is half of what importing numpy costs.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.disable()  # a command ends before there is anything to collect
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a byte that no encoding knows is no reason to fail
    try:
        return _run(build_parser().parse_args(argv))
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(arguments: argparse.Namespace) -> int:
    from adapters.terminal import commands  # noqa: PLC0415  --help need not load what it only describes
    from bot.settings import read_settings  # noqa: PLC0415

    try:
        code: int = getattr(commands, f"run_{arguments.command}")(arguments, read_settings())
    except QuoteBotError as error:
        sys.stderr.write(f"ilya: {error}\n")
        return commands.FAULTY
    except BrokenPipeError:  # the reader (head, a pager) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _add_daily(parser: argparse.ArgumentParser) -> None:
    actions = _add_actions(parser)
    preview = actions.add_parser("preview", help="show the quotes of the next days")
    preview.add_argument("--days", type=_count, default=7, metavar="N", help="how many (7)")
    preview.add_argument("--to", metavar="FILE", help="those of a file that is posted to, at the times set for it")
    run = actions.add_parser("run", help="post to a file every day until stopped")
    run.add_argument("--to", required=True, metavar="FILE", help="the file, one JSON object a post")
    bench = actions.add_parser("bench", help="time many channels due in one minute")
    bench.add_argument("--subscriptions", type=int, default=10_000, metavar="N", help="how many (10,000)")
    bench.add_argument(
        "--spread", type=float, default=0.0, metavar="S", help="at most S seconds apart; 0.1 is what runs (0)"
    )
    for action in (preview, run):
        action.add_argument("--time", default="09:00", metavar="HH:MM", help="the local time (09:00)")
        action.add_argument("--zone", default="UTC", metavar="ZONE", help="such as Europe/London (UTC)")
        action.add_argument("--weekdays", default="", metavar="DAYS", help="daily, weekdays, or such as 'mon wed fri'")
        action.add_argument("--topic", metavar="TOPIC", help="only quotes on this")
        action.add_argument("--episode", metavar="ID", help="only quotes from this episode")


def _add_actions(parser: argparse.ArgumentParser) -> Any:
    return parser.add_subparsers(dest="action", required=True, metavar="ACTION")


def _add_json(parser: argparse._ActionsContainer) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 100")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
