"""`mneme log`: who looked what up, and when."""

import click

from assistant.api.views import RecallRecord
from assistant.cli.output import Output, count, name
from assistant.cli.session import NOTHING_FOUND, Session, command

SHOWN_PATHS = 3


@click.command(short_help="Tell what was looked up, and when.")
@click.option("-n", "limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="How many lines at most.")
@command
def log(session: Session, limit: int) -> int:
    """Tell what was looked up in memory, newest first: when, through which door, the words, and the files that were shown.

    Words that showed what was forgotten since then are blank. `--json` adds the id that a request has in verdict and answer too.
    """
    lines = session.run(lambda assistant: assistant.upkeep.recalls(limit=limit), again=True)
    if session.out.as_json:
        session.out.json([line.model_dump(mode="json") for line in lines])
    else:
        for line in lines:
            _print(session.out, line)
        if not lines:
            session.out.note("Nothing was looked up yet.")
    return 0 if lines else NOTHING_FOUND


def _print(out: Output, line: RecallRecord) -> None:
    at = line.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    out.say((f"{at}  ", "dim"), f"{line.origin} {line.kind}  ", (line.query or "(forgotten)", "bold" if line.query else "dim"))
    for path in line.paths[:SHOWN_PATHS]:
        out.say((name(path), "cyan"), indent=2)
    if len(line.paths) > SHOWN_PATHS:
        out.say((f"… {count(len(line.paths) - SHOWN_PATHS, 'more file')}", "dim"), indent=2)
