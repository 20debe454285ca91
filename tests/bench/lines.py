"""How a stage (a child process) tells its findings to the benchmark: one JSON object a line on stdout."""

import json
from typing import Any


def tell(**facts: Any) -> None:
    """Print one line and flush it: the parent notes memory and time as it arrives."""
    print(json.dumps(facts), flush=True)
