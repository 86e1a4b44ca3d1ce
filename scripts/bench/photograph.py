"""A picture with as much detail as a photograph: files and times are those of one."""

import io
import random
import sys

from PIL import Image, ImageFilter


def jpeg(width: int, height: int) -> bytes:
    chance = random.Random(7)  # noqa: S311 - the same picture each time
    small = Image.frombytes("RGB", (width // 10, height // 10), chance.randbytes(width // 10 * (height // 10) * 3))
    soft = small.filter(ImageFilter.GaussianBlur(2)).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((width, height), 24).convert("RGB")
    out = io.BytesIO()
    Image.blend(soft, grain, 0.15).save(out, "JPEG", quality=90)
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(jpeg(6000, 4000))
