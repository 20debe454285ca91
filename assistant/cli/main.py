"""The entry point of `mneme`: prepares the streams and hands over to the command groups. Named in pyproject.toml."""

import io
import sys
from collections.abc import Sequence

import click

from assistant.cli.add import add
from assistant.cli.ask import ask
from assistant.cli.checkup import health
from assistant.cli.confirm import confirm
from assistant.cli.demo import demo
from assistant.cli.do import do
from assistant.cli.doors import Doors
from assistant.cli.encrypt import decrypt, encrypt
from assistant.cli.evaluate import evaluate
from assistant.cli.forget import forget
from assistant.cli.grants import grants, tools
from assistant.cli.health import doctor, verify
from assistant.cli.keeping import backup, collect, rebuild, restore
from assistant.cli.log import log
from assistant.cli.migrate import migrate
from assistant.cli.models import models
from assistant.cli.pausing import pause, resume
from assistant.cli.recall import recall
from assistant.cli.retry import retry
from assistant.cli.secret import passphrase, secret
from assistant.cli.session import READER_GONE, discard_output
from assistant.cli.status import status
from assistant.cli.tune import tune
from assistant.cli.undo import finish, redo, undo
from assistant.cli.watch import unwatch, watch
from assistant.cli.window import open_window


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 nothing found, 4 denied by policy.",
)
@click.pass_context
def cli(context: click.Context) -> None:
    """Mneme remembers your files and answers from them, with the source of every sentence.

    Everything stays on this machine. Without a command the window opens.
    MNEME_HOME names one folder for all that Mneme keeps.
    """
    if context.invoked_subcommand is None:
        context.exit(open_window())


for _command in (
    add,
    recall,
    ask,
    do,
    undo,
    redo,
    finish,
    confirm,
    status,
    watch,
    unwatch,
    retry,
    pause,
    resume,
    log,
    grants,
    tools,
    doctor,
    verify,
    forget,
    encrypt,
    decrypt,
    passphrase,
    secret,
    migrate,
    models,
    evaluate,
    health,
    tune,
    rebuild,
    backup,
    restore,
    collect,
    demo,
):
    cli.add_command(_command)


def main(argv: Sequence[str] | None = None, doors: Doors | None = None) -> int:
    """Run one command and return its exit code; `doors` replaces the composition root in tests."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a POSIX locale must not fail on Cyrillic
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli.main(args=None if argv is None else list(argv), prog_name="mneme", obj=doors)
    except SystemExit as end:
        code = end.code
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            discard_output()
            return READER_GONE
        return code if isinstance(code, int) else 0 if code is None else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
