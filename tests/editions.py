"""Small editions, as text and as files."""

from __future__ import annotations

from pathlib import Path

from bot.models import Edition, Passage
from bot.transcripts.edition import parse_edition
from bot.transcripts.passages import cut_passages
from bot.transcripts.timing import build_timeline

HEAD = {
    "id": "show-1",
    "title": "A talk",
    "show": "The Show",
    "host": "Anna Host",
    "guest": "Ilya Sutskever",
    "published": "2023-03-27",
    "url": "https://www.youtube.com/watch?v=abcdefghijk",
    "kind": "transcript",
}
BODY = "**Anna Host:** What is a talk?\n\n**Ilya Sutskever:** A talk is words in order."
FIRST_LINE = len(HEAD) + 4
"""The line that the body begins on, where no field is added or taken away."""


def to_text(body: str = BODY, **fields: str | None) -> str:
    """Write an edition with these fields (as YAML) in its head; None takes a field away."""
    head = {name: value for name, value in (HEAD | fields).items() if value is not None}
    return "\n".join(["---", *(f"{name}: {value}" for name, value in head.items()), "---", "", body, ""])


def to_edition(body: str = BODY, **fields: str | None) -> Edition:
    """Read an edition with this body."""
    return parse_edition(to_text(body, **fields), "show.md")


def to_summary(body: str) -> Edition:
    """Read a summary with this body."""
    return to_edition(body, kind="summary", summary_by="Sam Summer")


def cut(body: str, **fields: str | None) -> tuple[Passage, ...]:
    """Read an edition with this body and cut it into passages."""
    edition = to_edition(body, **fields)
    return cut_passages(edition, build_timeline(edition))


def write_edition(folder: Path, body: str = BODY, raw: str | None = None, **fields: str | None) -> Path:
    """Write an edition into folder/episodes and, where given, its raw text into folder/raw."""
    name = fields.get("id") or HEAD["id"]
    if raw is not None:
        (folder / "raw").mkdir(parents=True, exist_ok=True)
        (folder / "raw" / f"{name}.txt").write_text(raw, encoding="utf-8", newline="")
        fields["source"] = f"raw/{name}.txt"
    path = folder / "episodes" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(to_text(body, **fields), encoding="utf-8")
    return path
