"""How the commands write: lines that fit into 80 columns, nothing that a terminal would take for a command."""

import textwrap

WIDTH = 80


def harmless(text: str) -> str:
    """`text` on one line, with control characters and bidirectional marks as escapes."""
    return "".join(
        char if char.isprintable() and not 0x2066 <= ord(char) <= 0x2069 else char.encode("unicode_escape").decode()
        for char in " ".join(text.split())
    )


def paragraph(label: str, text: str, indent: int) -> str:
    """`text` beside a label, its further lines set in as far as its first one begins."""
    return "\n".join(
        textwrap.wrap(
            harmless(text),
            WIDTH,
            initial_indent=f"{label:<{indent}}",
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )
        or [label]
    )
