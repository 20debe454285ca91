"""The benchmark's figures as a Markdown table or as JSON, and how tables get into README."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: its key in JSON, what it is, its value with the unit, and what it is to be read against."""

    key: str
    what: str
    value: float
    unit: str
    against: str = ""

    @property
    def shown(self) -> str:
        """The value as a person reads it."""
        if self.unit == "%":
            return f"{self.value:.0%}"
        digits = 2 if self.value < 10 else 1 if self.value < 100 else 0
        return f"{self.value:,.{digits}f}" + (f" {self.unit}" if self.unit else "")


def table(rows: list[Row]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| What | Figure | Read against |", "|---|---:|---|"]
    return "\n".join([*lines, *(f"| {row.what} | {row.shown} | {row.against} |" for row in rows)])


def markdown(rows: list[Row], notes: list[str]) -> str:
    """Return the table with its notes below."""
    return "\n".join([table(rows), "", *(f"- {note}" for note in notes)])


def put(name: str, rows: str) -> None:
    """Write a table between the markers `<!-- name -->` and `<!-- /name -->` of README."""
    text = README.read_text("utf-8")
    fresh, count = re.subn(
        rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda found: found[1] + rows + "\n" + found[2], text, flags=re.DOTALL
    )
    if count != 1:
        raise SystemExit(f"README.md lacks the markers of {name}")
    README.write_text(fresh, "utf-8")


def as_json(rows: list[Row], notes: list[str]) -> str:
    """Return everything as one JSON object."""
    return json.dumps({"rows": [asdict(row) for row in rows], "notes": notes}, indent=2)
