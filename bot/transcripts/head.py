"""The head of an edition: YAML between two lines of dashes, checked field by field."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.errors import EditionError
from bot.models import Correction, Edition, Episode, Kind, LeftOut
from bot.transcripts.clock import parse_clock, to_clock


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _seconds(value: Any) -> float:
    seconds = parse_clock(value) if isinstance(value, str) else None
    if seconds is None:
        raise ValueError("not a duration")
    return seconds


def _line_range(value: Any) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", value) if isinstance(value, str) else None
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last:
        raise ValueError("not a range of lines")
    return first, last


def _date(value: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        raise ValueError("not a date")
    date.fromisoformat(value if len(value) > 7 else f"{value}-01")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)  # raises ValueError for a host that is none, and for a port when it is looked at
    if not parts.hostname or parts.port == 0:
        raise ValueError("no host")
    return value


Text = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Correction(_Strict):
    raw: Text
    said: Text
    why: Text
    at: int | None = Field(None, ge=0)


class _LeftOut(_Strict):
    lines: Annotated[tuple[int, int] | None, BeforeValidator(_line_range)] = None
    raw: Text | None = None
    why: Text
    at: int | None = Field(None, ge=0)

    @model_validator(mode="after")
    def _names_one_thing(self) -> _LeftOut:
        if (self.lines is None) == (self.raw is None):
            raise ValueError("either lines or raw")
        return self


class _Head(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
    episode: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)] | None = None
    title: Text
    show: Text
    host: Names = ()
    guest: Annotated[Names, Field(min_length=1)]
    published: Annotated[str, AfterValidator(_date)]
    duration: Annotated[float | None, BeforeValidator(_seconds)] = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]+$", max_length=500), AfterValidator(_url)]
    kind: Kind
    summary_by: Text | None = None
    source: Text | None = None
    chapters_by: Text | None = None
    corrections: tuple[_Correction, ...] = ()
    left_out: tuple[_LeftOut, ...] = ()


EXPECTED = {
    "id": "a name of lower-case letters, digits and '-', at most 40",
    "episode": "the id of an episode: lower-case letters, digits and '-', at most 40",
    "title": "the episode's title",
    "show": "the show's name",
    "host": "a name or a list of names",
    "guest": "a name or a list of names",
    "published": "a date as YYYY-MM-DD, or YYYY-MM where the day is not known",
    "duration": 'a time as "m:ss" or "h:mm:ss", in quotes',
    "url": "an http or https address",
    "kind": "transcript or summary",
    "summary_by": "the name of the summary's author",
    "source": "the raw file's path, relative to the folder above the editions",
    "chapters_by": "whose chapter times these are",
    "corrections": "a list of {raw: …, said: …, why: …}, with an optional at: <character offset>",
    "left_out": "a list of {lines: 1-8, why: …} or {raw: …, why: …}",
}
"""What each field of a head should hold, in words for error messages."""


def parse_head(text: str, path: str, first_line: int) -> Edition:
    """Read the YAML of a head into an Edition that has no chapters yet.

    `first_line` is the line of the file the YAML begins at. Raises EditionError.
    """
    try:
        # BaseLoader keeps every scalar a string: YAML 1.1 reads 47:41 as 2861 and dates as objects.
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
        node = loader.get_single_node()
        fields = loader.construct_document(node) if node else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        wrong = f"the head is not YAML ({getattr(error, 'problem', None) or 'unreadable'})"
        raise EditionError(path, line, wrong, "lines of the form `field: value`") from None
    if not isinstance(fields, dict):
        raise EditionError(path, first_line, "the head is not a list of fields", "`field: value` lines")
    _check_given_once(node, path, first_line)
    try:
        head = _Head.model_validate(fields)
    except ValidationError as error:
        raise _to_edition_error(error, node, path, first_line) from None
    if head.kind is Kind.SUMMARY and not head.summary_by:
        raise EditionError(path, first_line, "summary_by is missing", EXPECTED["summary_by"])
    return _to_edition(head, path)


def _check_given_once(node: Any, path: str, first_line: int) -> None:
    seen: set[str] = set()
    for key, _ in node.value if node else ():
        if key.value in seen:
            line = first_line + key.start_mark.line
            raise EditionError(path, line, f"{key.value} is given twice", f"{key.value} once")
        seen.add(key.value)


def _to_edition(head: _Head, path: str) -> Edition:
    episode = Episode(
        id=head.episode or head.id,
        title=head.title,
        show=head.show,
        hosts=head.host,
        guests=head.guest,
        published=head.published,
        url=head.url,
        duration=head.duration,
    )
    return Edition(
        id=head.id,
        episode=episode,
        kind=head.kind,
        chapters=(),
        summary_by=head.summary_by,
        source=head.source,
        chapters_by=head.chapters_by,
        corrections=tuple(Correction(c.raw, c.said, c.why, c.at) for c in head.corrections),
        left_out=tuple(LeftOut(o.why, o.lines, o.raw, o.at) for o in head.left_out),
        path=path,
    )


def _to_edition_error(error: ValidationError, node: Any, path: str, first_line: int) -> EditionError:
    """Name the first fault by its field and the line that field stands on."""
    fault = error.errors()[0]
    field = str(fault["loc"][0])
    line = first_line + _line_of(node, fault["loc"])
    if fault["type"] == "missing" and len(fault["loc"]) == 1:
        return EditionError(path, first_line, f"{field} is missing", EXPECTED[field])
    if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
        return EditionError(path, line, f"there is no field {field!r}", "one of " + ", ".join(EXPECTED))
    shown = json.dumps(fault["input"], ensure_ascii=False, default=str)
    return EditionError(path, line, f"{field}: {shown[:80]} cannot be used", EXPECTED[field])


def _line_of(node: Any, loc: tuple[int | str, ...]) -> int:
    """Find the line, from 0 in the head, of the deepest node that `loc` leads to."""
    line = 0
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == step]
            if not found:
                break
            key, node = found[-1]
            line = key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
    return line


def to_head(edition: Edition) -> list[str]:
    """Write the head of an edition as lines of YAML, without the dashes around it."""
    episode = edition.episode
    lines = [f"id: {edition.id}"]
    if episode.id != edition.id:
        lines.append(f"episode: {episode.id}")
    lines += [f"title: {_quoted(episode.title)}", f"show: {_quoted(episode.show)}"]
    if episode.hosts:
        lines.append(f"host: {_names(episode.hosts)}")
    lines += [f"guest: {_names(episode.guests)}", f"published: {episode.published}"]
    if episode.duration is not None:
        lines.append(f'duration: "{to_clock(episode.duration)}"')
    lines += [f"url: {_quoted(episode.url)}", f"kind: {edition.kind}"]
    for field in ("summary_by", "source", "chapters_by"):
        if value := getattr(edition, field):
            lines.append(f"{field}: {_quoted(value)}")
    if edition.corrections:
        lines += ["corrections:", *map(_correction_line, edition.corrections)]
    if edition.left_out:
        lines += ["left_out:", *map(_left_out_line, edition.left_out)]
    return lines


def _correction_line(correction: Correction) -> str:
    at = "" if correction.at is None else f", at: {correction.at}"
    raw, said, why = map(_double_quoted, (correction.raw, correction.said, correction.why))
    return f"  - {{raw: {raw}, said: {said}{at}, why: {why}}}"


def _left_out_line(omission: LeftOut) -> str:
    what = f"lines: {_range(omission.lines)}" if omission.lines else f"raw: {_double_quoted(omission.raw or '')}"
    at = "" if omission.at is None else f", at: {omission.at}"
    return f"  - {{{what}{at}, why: {_double_quoted(omission.why)}}}"


def _range(lines: tuple[int, int]) -> str:
    first, last = lines
    return str(first) if first == last else f"{first}-{last}"


def _names(names: tuple[str, ...]) -> str:
    return _quoted(names[0]) if len(names) == 1 else "[" + ", ".join(map(_double_quoted, names)) + "]"


_PLAIN = re.compile(r"[A-Za-z](?:[^:#\n\"'{}\[\],&*!|>%@`\\]|:(?=//))*[^\s:#\"'{}\[\],&*!|>%@`\\]")


def _quoted(text: str) -> str:
    """Quote a scalar only where YAML would read it as something else."""
    return text if _PLAIN.fullmatch(text) and ascii(text)[1:-1] == text else _double_quoted(text)


def _double_quoted(text: str) -> str:
    # A JSON string is a YAML double-quoted scalar (YAML 1.2 section 1.3); these controls JSON leaves bare.
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", quoted)
