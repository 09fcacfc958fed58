"""The one place that writes to the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import groupby

from adapters.terminal.render import LINK, Span


def write(spans: Iterable[Span]) -> None:
    """Write spans to standard output: styled on a terminal, plain where it is piped or NO_COLOR is set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        sys.stdout.write("".join(text for text, _ in spans))
        sys.stdout.flush()
        return
    from rich.console import Console  # noqa: PLC0415  a piped answer need not wait for it
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for is_link, some in groupby(spans, key=lambda span: span[1] == LINK):
        # A link that is broken over two lines can be neither clicked nor copied.
        console.print(Text.assemble(*some), end="", soft_wrap=is_link)


def write_error(message: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{message}\n")
