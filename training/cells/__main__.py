"""Write PyTorch's values for the tests of `lib/cells`.

Example:
  python -m training.cells
"""

import argparse
import json
import sys
from pathlib import Path

from training.cells.reference import reference_values
from training.command_line import run_command

FIXTURE = Path("lib/cells/fixtures/pytorch.json")


def _write(options: argparse.Namespace) -> None:
    values = reference_values()
    # One line a network: a change shows as as many changed lines.
    parts = []
    for name, value in values.items():
        text = json.dumps(value)
        if isinstance(value, list):
            text = "[\n    " + ",\n    ".join(json.dumps(each) for each in value) + "\n  ]"
        parts.append(f"  {json.dumps(name)}: {text}")
    options.out.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m training.cells", description="Write PyTorch's values for the tests."
    )
    parser.add_argument("--out", type=Path, default=FIXTURE, metavar="JSON")
    parser.set_defaults(run=_write)
    return run_command(parser, arguments)


if __name__ == "__main__":
    sys.exit(main())
