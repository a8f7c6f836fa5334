"""What the commands of every task have in common."""

import argparse
import sys
from collections.abc import Sequence


def run_command(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Run the verb that was asked for; a `ValueError` is one sentence for whoever asked.

    Args:
        parser: its verbs set `run`, a function of the parsed options.
        arguments: None for those of this process.

    Returns:
        the exit status: 2 where something has to be changed by whoever asked.
    """
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
