"""The commands of the terminal: each calls the service and writes what it says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from adapters.terminal.output import write, write_error
from adapters.terminal.render import (
    render_answer,
    render_episode,
    render_hit,
    render_passage,
    to_answer_json,
    to_episode_json,
    to_passage_json,
)
from adapters.terminal.tables import render_evaluation, render_report
from bot.dates import to_date
from bot.errors import QueryError
from bot.models import Answer
from bot.service import QuoteService, build_service, check_editions
from bot.settings import Settings

FAULTY = 2
"""The exit code when something that was asked for cannot be done."""


def open_service(settings: Settings) -> QuoteService:
    """Load the episodes; faulty editions are told on standard error and left out."""
    service = build_service(settings.episodes_dir, settings.persona)
    for fault in service.library.faults:
        write_error(f"left out: {fault}")
    return service


def run_ask(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer one query, or with `-` each line of standard input."""
    query = " ".join(arguments.words)
    if query.strip() == "-":
        return _ask_each_line(arguments, settings)
    if not query.strip():
        raise QueryError("There is nothing to search for. Write what it should be about, for example: scaling laws")
    answer = open_service(settings).ask(query, arguments.count, arguments.episode)
    if arguments.json:
        write_json(to_answer_json(answer))
    else:
        write(render_answer(answer))
    return 0


def _ask_each_line(arguments: argparse.Namespace, settings: Settings) -> int:
    service = open_service(settings)
    for line in sys.stdin:
        text = line.rstrip("\n")
        try:
            answer = service.ask(text, arguments.count, arguments.episode)
        except QueryError as error:
            write_error(f"{text!r}: {error}")
            answer = Answer(text, answered=False)
        if arguments.json:
            write_json(to_answer_json(answer))
        else:
            write([*render_answer(answer), ("\n", "")])
    return 0


def run_random(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show one passage taken by chance."""
    hit = open_service(settings).random()
    if arguments.json:
        write_json(to_passage_json(hit.passage))
    else:
        write(render_hit(hit))
    return 0


def run_episodes(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the episodes."""
    for episode in open_service(settings).episodes():
        if arguments.json:
            write_json(to_episode_json(episode))
        else:
            write(render_episode(episode, to_date(episode.published)))
    return 0


def run_topics(arguments: argparse.Namespace, settings: Settings) -> int:
    """List the topics, or those that hold all of the given words."""
    wanted = " ".join(arguments.words).casefold().split()
    topics = open_service(settings).topics
    write((f"{topic}\n", "") for topic in topics if all(word in topic.casefold() for word in wanted))
    return 0


def run_passages(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every passage."""
    service = open_service(settings)
    wanted = service.find_episode(arguments.episode) if arguments.episode else None
    for passage in service.library.passages:
        if wanted and passage.episode != wanted:
            continue
        if arguments.json:
            write_json(to_passage_json(passage))
        else:
            write(render_passage(passage))
    return 0


def run_check(arguments: argparse.Namespace, settings: Settings) -> int:
    """Validate the editions of a folder and report on each."""
    folder = Path(arguments.folder) if arguments.folder else settings.episodes_dir
    reports, faults = check_editions(folder)
    for report in reports:
        write(render_report(report))
    for fault in faults:
        write_error(str(fault))
    return FAULTY if faults else 0


def run_eval(arguments: argparse.Namespace, settings: Settings) -> int:
    """Score the judged queries."""
    path = Path(arguments.queries) if arguments.queries else settings.episodes_dir.parent / "queries.jsonl"
    write(render_evaluation(open_service(settings).evaluate(path)))
    return 0


def write_json(value: dict[str, Any]) -> None:
    """Write one JSON object on a line of its own."""
    write([(json.dumps(value, ensure_ascii=False) + "\n", "")])
