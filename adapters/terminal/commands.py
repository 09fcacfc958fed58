"""The commands of the terminal: each calls the service and writes what it says."""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
from datetime import UTC, datetime
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
    to_hit_json,
    to_passage_json,
)
from adapters.terminal.tables import (
    is_failure,
    render_evaluation,
    render_explanations,
    render_failure,
    render_report,
    render_timings,
    render_weights,
)
from bot.dates import to_date
from bot.errors import EditionError, QueryError, QuoteBotError
from bot.models import Answer, Hit
from bot.service import JudgedQuery, QuoteService, build_service, check_editions, read_judged_queries, time_service
from bot.settings import Settings

FOLDS = 10
"""Parts that the judged queries are cut into to check that weights hold for queries they were not tuned on."""

SHOWN = 3
"""Passages explained for each failure."""

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
    _answer(query, open_service(settings), arguments)
    return 0


def _ask_each_line(arguments: argparse.Namespace, settings: Settings) -> int:
    service = open_service(settings)
    for line in sys.stdin:
        text = line.removesuffix("\n")
        try:
            _answer(text, service, arguments)
        except QuoteBotError as error:
            write_error(f"{text!r}: {error}")
            _write_answer(text, Answer(text, answered=False), arguments)
        if not arguments.json:
            write([("\n", "")])
    return 0


def _answer(text: str, service: QuoteService, arguments: argparse.Namespace) -> None:
    answer = service.ask(text, arguments.count, arguments.episode, weak=arguments.weak)
    _write_answer(text, answer, arguments)
    if arguments.explain:
        write(render_explanations(service.explain(text, arguments.count, arguments.episode)))


def _write_answer(text: str, answer: Answer, arguments: argparse.Namespace) -> None:
    if arguments.json:
        write_json(to_answer_json(text, answer))
    else:
        write(render_answer(answer))


def run_random(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show one passage taken by chance."""
    _write_quote(open_service(settings).random(), arguments)
    return 0


def run_today(arguments: argparse.Namespace, settings: Settings) -> int:
    """Show the quote of the day."""
    _write_quote(open_service(settings).today(datetime.now(UTC).date()), arguments)
    return 0


def run_discord(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the link that invites the bot of DISCORD_TOKEN, or have its commands told anew."""
    from adapters.discord.permissions import read_application_id, to_invite  # noqa: PLC0415  the others need no Discord
    from adapters.discord.sync import forget_told  # noqa: PLC0415

    application = read_application_id(settings.discord_token.get_secret_value() if settings.discord_token else "")
    if arguments.action == "sync":
        asyncio.run(forget_told(settings.database_url.get_secret_value(), application))
        write([("The next start tells Discord the commands.\n", "")])
    else:
        write([(f"{to_invite(application)}\n", "")])
    return 0


def run_slack(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the manifest that makes the app in Slack."""
    from adapters.slack.manifest import build_manifest  # noqa: PLC0415  the others need no Slack

    write([(f"{json.dumps(build_manifest(settings, arguments.url), indent=2, ensure_ascii=False)}\n", "")])
    return 0


def run_daily(arguments: argparse.Namespace, settings: Settings) -> int:
    """Look at the daily quotes that come, or deliver them to a file."""
    from adapters.terminal import daily  # noqa: PLC0415  it loads the store, which no other command needs

    gc.enable()  # these run long
    service = open_service(settings)
    if arguments.action == "preview":
        return daily.run_preview(arguments, service, settings)
    if arguments.action == "bench":
        return daily.run_bench(arguments, service)
    return daily.run_delivery(arguments, service, settings)


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
    topics = open_service(settings).topics.holding(arguments.words)
    write((f"{topic}\n", "") for topic in topics)
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
    reports, faults = check_editions(folder, settings.persona)
    for report in reports:
        write(render_report(report))
    for fault in faults:
        write_error(str(fault))
    # whom PERSONA names is a setting's fault, not one of the editions
    return FAULTY if any(isinstance(fault, EditionError) for fault in faults) else 0


def run_eval(arguments: argparse.Namespace, settings: Settings) -> int:
    """Score the judged queries."""
    service = open_service(settings)
    queries = _read_queries(arguments, settings)
    gradings = service.evaluate(queries)
    write(render_evaluation(gradings))
    if arguments.failures:
        for grading in filter(is_failure, gradings):
            write(render_failure(grading, service.explain(grading.query.text, SHOWN)))
    if arguments.tune:
        weights, checked = service.tune(queries, FOLDS)
        write(render_weights(weights))
        write([(f"\nTuned on the other folds of {FOLDS}, then graded on the one left out:\n", "bold")])
        write(render_evaluation(checked.gradings))
    return 0


def run_bench(arguments: argparse.Namespace, settings: Settings) -> int:
    """Time the search in this process."""
    queries = _read_queries(arguments, settings)
    texts = [query.text for query in queries]
    write(render_timings(time_service(settings.episodes_dir, settings.persona, texts, arguments.rounds)))
    return 0


def _read_queries(arguments: argparse.Namespace, settings: Settings) -> tuple[JudgedQuery, ...]:
    path = Path(arguments.queries) if arguments.queries else settings.episodes_dir.parent / "queries.jsonl"
    return read_judged_queries(path)


def _write_quote(hit: Hit, arguments: argparse.Namespace) -> None:
    if arguments.json:
        write_json(to_hit_json(hit))
    else:
        write(render_hit(hit))


def write_json(value: dict[str, Any]) -> None:
    """Write one JSON object on a line of its own."""
    write([(json.dumps(value, ensure_ascii=False) + "\n", "")])
