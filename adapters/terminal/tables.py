"""Figures as tables: what `ilya check` and `ilya eval` print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from adapters.terminal.render import Span
from bot.models import Kind
from bot.service import GOOD, Report, Result


def render_report(report: Report) -> Iterator[Span]:
    """Render what `ilya check` says of an edition."""
    yield f"{report.edition}", "bold"
    parts = "turns" if report.kind is Kind.TRANSCRIPT else "sections"
    yield f"  {report.kind}: {report.turns} {parts}, {report.passages} passages, {report.topics} topics\n", ""
    said = ", ".join(f"{name} {words:,}" for name, words in report.words.items())
    yield f"  words: {said}; doubtful {report.doubtful:.1%}\n", ""
    if report.steps:
        yield "  raw words: " + ", ".join(f"{step} {count:,}" for step, count in report.steps.items()) + "\n", ""
    yield f"  {report.corrections} corrections, {report.anchors} times\n", ""
    for passage, words in report.odd_passages:
        yield f"  {words} words: {passage}\n", "dim"


def render_evaluation(results: Sequence[Result]) -> Iterator[Span]:
    """Render the measures by type of query, then how often it rightly or wrongly said nothing."""
    answerable = [result for result in results if result.query.judgements]
    unanswerable = [result for result in results if not result.query.judgements]
    yield f"{'':14}  n   success@1  success@5  nDCG@5\n", "bold"
    for type_ in [*sorted({result.query.type for result in answerable}), "all"]:
        rows = [result for result in answerable if type_ in ("all", result.query.type)]
        if rows:
            first = fmean(result.success for result in rows)
            any_ = fmean(max(result.grades) >= GOOD for result in rows)
            ndcg = fmean(result.ndcg for result in rows)
            yield f"{type_:14}{len(rows):3}     {first:.3f}      {any_:.3f}     {ndcg:.3f}\n", ""
    rightly = sum(not result.answered for result in unanswerable)
    wrongly = sum(not result.answered for result in answerable)
    yield f"unanswerable refused {rightly}/{len(unanswerable)}; ", ""
    yield f"answerable refused {wrongly}/{len(answerable)}\n", ""
