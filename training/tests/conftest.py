"""Small generated data that every test can use: pictures of coloured shapes with captions that name them."""

import csv
import random
from pathlib import Path

import pytest
import torch
from PIL import Image, ImageDraw

COLORS = {"red": (200, 40, 40), "green": (40, 160, 60), "blue": (40, 60, 200), "yellow": (220, 200, 40)}


@pytest.fixture(autouse=True)
def _seed() -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)  # these models are too small to share out


def draw_shape(path: Path, color: str, shape: str, size: tuple[int, int] = (96, 80)) -> None:
    """A picture of one coloured shape on grey."""
    image = Image.new("RGB", size, (128, 128, 128))
    draw = ImageDraw.Draw(image)
    box = (20, 16, size[0] - 20, size[1] - 16)
    (draw.ellipse if shape == "circle" else draw.rectangle)(box, fill=COLORS[color])
    image.save(path)


@pytest.fixture
def flickr8k(tmp_path: Path) -> Path:
    """A Kaggle-style Flickr8k folder with eight pictures, five captions each; the last two are dev."""
    folder = tmp_path / "flickr8k"
    (folder / "Images").mkdir(parents=True)
    generator = random.Random(0)
    names = []
    with (folder / "captions.txt").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "caption"])
        for color in COLORS:
            for shape in ("circle", "square"):
                name = f"{color}_{shape}.jpg"
                names.append(name)
                draw_shape(folder / "Images" / name, color, shape)
                for _ in range(5):
                    verb = generator.choice(["lies", "is seen"])
                    writer.writerow([name, f"A {color} {shape} {verb} on grey , in the middle ."])
    (folder / "Flickr_8k.trainImages.txt").write_text("\n".join(names[:6]) + "\n")
    (folder / "Flickr_8k.devImages.txt").write_text("\n".join(names[6:]) + "\n")
    return folder
