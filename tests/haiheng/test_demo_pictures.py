"""The committed demo pictures are what the script draws from the shipped drawings."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from PIL import Image

SOURCE = Path(settings.BASE_DIR) / "haiheng" / "drawings" / "svg"
PICTURES = Path(settings.BASE_DIR) / "haiheng" / "demo" / "pictures"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_files", Path(settings.BASE_DIR) / "scripts" / "demo_files.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_draws_every_committed_picture_and_no_other(script: ModuleType) -> None:
    assert {name for name, _draw in script.drawn(SOURCE)} == {path.name for path in PICTURES.glob("*.png")}


# One whole view, and a crop on each ground; drawing all of them takes seconds.
@pytest.mark.parametrize(
    "name", ["ht-4-side.png", "hh-8-front-wheel.png", "hh-12-front-wheel.png", "hh-6-front-end.png"]
)
def test_a_committed_picture_is_the_output_of_the_script(script: ModuleType, name: str) -> None:
    assert dict(script.drawn(SOURCE))[name]() == (PICTURES / name).read_bytes()


def test_pictures_are_in_the_ratio_of_photographs_and_light_enough_to_ship() -> None:
    for path in PICTURES.glob("*.png"):
        with Image.open(path) as picture:
            # The rasteriser may round a side by a pixel or two.
            assert picture.width / picture.height == pytest.approx(1.5, abs=0.005), path.name
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 2_000_000
