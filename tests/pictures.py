"""Small pictures for tests: a photo of a board, and one that says where it was taken."""

import io

from PIL import Image, ImageDraw


def picture(size=(80, 60), *, colour="#2f6b4c", form="JPEG", **facts) -> bytes:
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((10, 10, 30, 40), fill="white")
    out = io.BytesIO()
    image.save(out, form, **facts)
    return out.getvalue()


BOARD = picture()
