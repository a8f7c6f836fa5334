"""Tables of scores in the documents, made from the metrics.json files that evaluations write.

A document holds a block such as

    <!-- table models/captioning/metrics.json data="flickr8k dev" columns="CIDEr, BLEU-4" -->
    <!-- /table -->

and `python -m training.report` writes the table between the two lines, in README.md, docs/*.md and models/*/card.md.
An optional rows="…" is a regular expression on the row's label; with turned="character" each column is a line, and the rows'
labels are the columns, below and beside the word given; decimals="2" writes two in place of one. `--check` changes nothing and fails where a table is
not what the metrics say.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"(<!-- table (\S+)((?: \w+=\"[^\"]*\")*) -->\n).*?(<!-- /table -->)", re.DOTALL)
_OPTION = re.compile(r"(\w+)=\"([^\"]*)\"")


def add_row(path: Path, label: str, data: str, values: Mapping[str, float]) -> None:
    """Add one evaluation to a metrics.json, {"rows": [{"model", "data", …values}]}, in the place of its like."""
    metrics = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": []}
    row = {"model": label, "data": data, **{name: round(value, 2) for name, value in values.items()}}
    same = [i for i, r in enumerate(metrics["rows"]) if (r["model"], r["data"]) == (label, data)]
    if same:
        metrics["rows"][same[0]] = row
    else:
        metrics["rows"].append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(metrics, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)


def _cell(value: object, decimals: int) -> str:
    return f"{value:.{decimals}f}" if isinstance(value, float) else str(value)


def _code(text: str) -> str:
    """Any text as code in a cell."""
    if text == " ":
        return "space"
    if "`" in text:
        return f"`` {text} ``"
    return f"`{text}`".replace("|", "\\|")


def table(metrics: Path, options: Mapping[str, str]) -> str:
    """A Markdown table of the rows that the options choose.

    Raises:
        ValueError: no row fits, or a column is in none of them.
    """
    rows = json.loads(metrics.read_text(encoding="utf-8"))["rows"]
    rows = [r for r in rows if r["data"] == options["data"] and re.search(options.get("rows", ""), r["model"])]
    if not rows:
        raise ValueError(f"{metrics} has no row with data={options['data']!r} and rows={options.get('rows', '')!r}")
    known = list(dict.fromkeys(name for row in rows for name in row if name not in ("model", "data")))
    columns = [name.strip() for name in options["columns"].split(",")] if "columns" in options else known
    absent = [name for name in columns if not any(name in row for row in rows)]
    if absent:
        raise ValueError(f"{metrics} has no column {absent[0]!r}: there are {', '.join(known)}")
    decimals = int(options.get("decimals", "1"))
    if "turned" in options:
        labels = [row["model"] for row in rows]
        lines = [[options["turned"], *labels], ["---", *(["---:"] * len(labels))]]
        lines += [[_code(name), *(_cell(row.get(name, "–"), decimals) for row in rows)] for name in columns]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    lines = [["model", *columns], ["---", *(["---:"] * len(columns))]]
    lines += [[row["model"], *(_cell(row.get(name, "–"), decimals) for name in columns)] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def refresh(text: str, root: Path = ROOT) -> str:
    """The document with every block's table made anew."""

    def replace(match: re.Match) -> str:
        return match[1] + table(root / match[2], dict(_OPTION.findall(match[3]))) + match[4]

    return _BLOCK.sub(replace, text)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m training.report", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    stale = []
    for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")), *sorted(ROOT.glob("models/*/card.md"))]:
        text = path.read_text(encoding="utf-8")
        fresh = refresh(text)
        if fresh != text:
            stale.append(str(path.relative_to(ROOT)))
            if not options.check:
                path.write_text(fresh, encoding="utf-8")
    if stale and options.check:
        print(f"not what the metrics say: {', '.join(stale)}; run python -m training.report", file=sys.stderr)
        return 1
    print(f"{'stale' if options.check else 'written'}: {', '.join(stale) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
