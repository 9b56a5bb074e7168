"""A drawn picture of a village board, as the photo of the demonstration village. Synthetic."""

import io
import random

from PIL import Image, ImageDraw, ImageFont

from portal.core.pdf.fonts import FOLDER

WIDTH, HEIGHT = 1200, 900


def draw_board(title: str, *, rng: random.Random, sign: str = "示例图片") -> bytes:
    """Return a JPEG of a board with a notice on it; the same for the same numbers."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#b9c3bd")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 700, WIDTH, HEIGHT), fill="#8d8a80")
    draw.polygon([(90, 130), (600, 40), (1110, 130)], fill="#5a4636")
    draw.rectangle((130, 130, 1070, 720), fill="#7b5b3f")
    draw.rectangle((160, 160, 1040, 690), fill="#2f6b4c")
    for left in (190, 850):
        draw.rectangle((left, 740, left + 40, HEIGHT - 40), fill="#5a4636")
    _paper(draw, (420, 200, 780, 660), title, rng)
    _paper(draw, (195, 230, 385, 470), "村务公开", rng)
    _paper(draw, (815, 250, 1005, 500), "便民信息", rng)
    draw.text((24, HEIGHT - 52), sign, fill="#ffffff", font=_font(28))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _paper(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], title: str, rng: random.Random
) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill="#fbf9f2")
    size = min(34, (right - left - 30) // 6)
    y = top + 18
    for start in range(0, min(len(title), 24), 8):
        draw.text((left + 15, y), title[start : start + 8], fill="#a9261d", font=_font(size))
        y += size + 8
    while y < bottom - 24:
        draw.line((left + 18, y, right - 18 - rng.randrange(0, 60), y), fill="#767676", width=3)
        y += 18


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / "NotoSansSC-Bold.ttf", size)
