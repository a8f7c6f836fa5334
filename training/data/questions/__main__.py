"""Turn captions into questions and answers.

Example:
  python -m training.data.questions --flickr8k data/flickr8k --coco data/coco --output runs/questions.jsonl --sample 100
"""

import argparse
import json
import random
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from training.data.captions import load_coco, load_coco_qa_as_captions, load_flickr8k
from training.data.questions import cloze
from training.data.questions.generate import generate


def main(arguments: list[str] | None = None) -> None:
    """Read captions, write questions as JSON lines, and print how many there are of each kind."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m training.data.questions", description=__doc__, formatter_class=raw)
    parser.add_argument("--flickr8k", type=Path, metavar="DIR", help="Kaggle Flickr8k folder")
    parser.add_argument("--coco", type=Path, metavar="DIR", help="COCO 2014 folder with annotations/captions_*.json")
    parser.add_argument("--coco-qa", type=Path, metavar="DIR", help="COCO-QA folder, for --cloze; needs --coco")
    parser.add_argument("--cloze", action="store_true", help="also ask for words of captions in their place")
    parser.add_argument("--output", type=Path, required=True, metavar="JSONL", help="one question a line")
    parser.add_argument("--split", choices=["train", "dev"], default="train", help="dev is for evaluation only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="print N random questions with the captions")
    options = parser.parse_args(arguments)
    loaders = ((options.flickr8k, load_flickr8k), (options.coco, load_coco))
    try:
        data_sets = [load(folder, options.split) for folder, load in loaders if folder]
        if not data_sets:
            raise ValueError("name at least one of --flickr8k and --coco")
        if options.coco_qa and not (options.cloze and options.coco):
            raise ValueError("--coco-qa is for --cloze, and needs --coco")
        questions = generate(data_sets, options.seed)
        if options.cloze:
            qa = options.coco_qa
            rebuilt = load_coco_qa_as_captions(qa, options.coco, options.split) if qa else []
            questions += cloze.ask([photo for data_set in data_sets for photo in data_set], rebuilt, options.seed)
    except ValueError as error:
        sys.exit(f"error: {error}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    with options.output.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(question), ensure_ascii=False) + "\n" for question in questions)
    kinds = Counter(question.kind for question in questions)
    print(f"{len(questions)} questions: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    captions = {photo.id: photo.captions for data_set in data_sets for photo in data_set}
    for question in random.Random(options.seed).sample(questions, min(options.sample, len(questions))):
        print(f"\n{question.photo} · {question.kind} · {question.question} {question.answer}")
        print("\n".join(f"    {caption}" for caption in captions.get(question.photo, ("(rebuilt from COCO-QA)",))))


if __name__ == "__main__":
    main()
