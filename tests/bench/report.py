"""The benchmark's figures as a Markdown table or as JSON."""

import json
from dataclasses import asdict, dataclass


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


def markdown(rows: list[Row], notes: list[str]) -> str:
    """Return the table with its notes below."""
    lines = ["| What | Figure | Read against |", "|---|---:|---|"]
    lines += [f"| {row.what} | {row.shown} | {row.against} |" for row in rows]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes)])


def as_json(rows: list[Row], notes: list[str]) -> str:
    """Return everything as one JSON object."""
    return json.dumps({"rows": [asdict(row) for row in rows], "notes": notes}, indent=2)
