"""Write the table of options in README.md from the options themselves; with --check, only say whether it is right."""

import sys
from pathlib import Path

from golive.settings import OPTIONS

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- options: begin -->\n", "<!-- options: end -->\n"


def table() -> str:
    """The options as a Markdown table."""
    rows = ["| option | meaning |", "| --- | --- |"]
    for option in OPTIONS:
        usage = f"{option.flag}={option.metavar}" if option.metavar else option.flag
        rows.append(f"| `{usage.replace('|', chr(92) + '|')}` | {option.help} |")
    return "\n".join(rows) + "\n"


def with_table(readme: str) -> str:
    """`readme` with its table of options made anew. Raises `ValueError` where its markers are missing."""
    before, rest = readme.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def main() -> int:
    now = README.read_text(encoding="utf-8")
    right = with_table(now)
    if "--check" in sys.argv:
        return 0 if right == now else 1
    README.write_text(right, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
