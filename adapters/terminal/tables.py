"""Figures as tables: what `ilya check` and `ilya eval` print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

from adapters.terminal.render import Span
from bot.models import Kind, Passage
from bot.service import GOOD, Explanation, Grading, Report, Timings, Weights

EXPLAINED = 8
"""Lines of an explanation: the rest adds little."""


def render_report(report: Report) -> Iterator[Span]:
    """Render what `ilya check` says of an edition."""
    yield f"{report.edition}", "bold"
    parts = "turns" if report.kind is Kind.TRANSCRIPT else "sections"
    yield f"  {report.kind}: {report.turns} {parts}, {report.passages} passages, {report.topics} topics\n", ""
    said = ", ".join(f"{name} {words:,}" for name, words in report.words.items())
    yield f"  words: {said}; doubtful {report.doubtful:.1%}\n", ""
    if report.steps:
        yield "  raw words: " + ", ".join(f"{step} {count:,}" for step, count in report.steps.items()) + "\n", ""
    else:
        yield "  unproven: its head names no source, so nothing shows that these words were said\n", "bold"
    yield f"  {report.corrections} corrections, {report.anchors} times\n", ""
    for passage, words in report.odd_passages:
        yield f"  {words} words: {passage}\n", "dim"


def is_failure(grading: Grading) -> bool:
    """Whether a query was answered wrongly: no good first hit, or an answer where there is none."""
    return not grading.success if grading.query.judgements else grading.answered


def render_failure(grading: Grading, explained: Sequence[tuple[Passage, Explanation]]) -> Iterator[Span]:
    """Render a query that was answered wrongly, what it was worth, and why the first passages are first."""
    said = "answered" if grading.answered else "refused"
    grades = " ".join(map(str, grading.grades))
    yield f"\n{grading.query.id} {grading.query.type}: {grading.query.text}\n", "bold"
    yield f"  {said}, grades {grades}; judged stretches: {len(grading.query.judgements)}\n", ""
    yield from render_explanations(explained)


def render_explanations(explained: Sequence[tuple[Passage, Explanation]]) -> Iterator[Span]:
    """Render what the scores of passages are made of."""
    for passage, explanation in explained:
        scored = explanation.scored
        yield f"\n  {passage.id}  score {scored.score:.2f}, covers {scored.coverage:.0%}  ", "bold"
        yield f"{passage.text[:70]}…\n", ""
        for typed, wording, kind, field, impact in explanation.contributions[:EXPLAINED]:
            yield f"    {impact:6.2f}  {field:8} {typed!r} as {wording!r} ({kind})\n", "dim"


def render_timings(timings: Timings) -> Iterator[Span]:
    """Render times in milliseconds, and the ratio to the plain library's."""
    memory = "" if timings.memory is None else f", {timings.memory:.0f} MB"
    yield f"{timings.passages} passages, built in {timings.build:.0f} ms{memory}\n", "bold"
    rows = {"first time": timings.first, "again": timings.again, "plain rank-bm25": timings.plain}
    plain = timings.quantile(timings.plain, 0.5)
    for name, sample in rows.items():
        p50, p99 = timings.quantile(sample, 0.5), timings.quantile(sample, 0.99)
        yield f"{name:16} p50 {p50:7.3f} ms   p99 {p99:7.3f} ms   {p50 / plain:5.2f} of plain\n", ""


def render_weights(weights: Weights) -> Iterator[Span]:
    """Render weights as the line of Python that holds them."""
    yield "\nTuned on all queries:\n", "bold"
    yield f"{weights}\n", ""


def render_evaluation(gradings: Sequence[Grading]) -> Iterator[Span]:
    """Render the measures by type of query, then how often it rightly or wrongly said nothing."""
    answerable = [grading for grading in gradings if grading.query.judgements]
    unanswerable = [grading for grading in gradings if not grading.query.judgements]
    yield f"{'':14}  n   success@1  success@5  nDCG@5\n", "bold"
    for type_ in [*sorted({grading.query.type for grading in answerable}), "all"]:
        rows = [grading for grading in answerable if type_ in ("all", grading.query.type)]
        if rows:
            first = fmean(grading.success for grading in rows)
            any_ = fmean(max(grading.grades) >= GOOD for grading in rows)
            ndcg = fmean(grading.ndcg for grading in rows)
            yield f"{type_:14}{len(rows):3}     {first:.3f}      {any_:.3f}     {ndcg:.3f}\n", ""
    rightly = sum(not grading.answered for grading in unanswerable)
    wrongly = sum(not grading.answered for grading in answerable)
    yield f"unanswerable refused {rightly}/{len(unanswerable)}; ", ""
    yield f"answerable refused {wrongly}/{len(answerable)}\n", ""
