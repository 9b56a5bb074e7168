"""Reads QR codes off the printed page as a camera does: dots, mask, zigzag, bytes (ISO/IEC 18004).

Own work, for versions 1 to 6 with error level M, on a clean page: nothing is corrected.
"""

import io
import subprocess

from PIL import Image

from portal.sign_in import slip_pdf

DPI = 300
# Data codewords of each block, level M.
BLOCKS = {1: [16], 2: [28], 3: [44], 4: [32] * 2, 5: [43] * 2, 6: [27] * 4}
MASKS = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, _x: y % 2 == 0,
    lambda _y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


def codes_of_page(pdf, *, places, page=1):
    """Return what the QR codes on a page of slips say; empty places are passed over."""
    command = ["pdftoppm", "-gray", "-r", str(DPI), "-f", str(page), "-l", str(page), "-"]
    done = subprocess.run(command, input=pdf, check=True, capture_output=True)
    sheet = Image.open(io.BytesIO(done.stdout)).convert("L")
    scale = DPI / 72
    found = []
    for place in range(places):
        left = (place % slip_pdf.COLUMNS * slip_pdf.WIDTH + slip_pdf.INSET) * scale
        top = place // slip_pdf.COLUMNS * slip_pdf.HEIGHT * scale
        side = slip_pdf.SIDE * scale
        # the code is the only thing in the left part of a slip, between its title and its rules
        box = (left - 4, top + 34 * scale, left + side + 8, top + 40 * scale + side)
        square = sheet.crop(tuple(round(edge) for edge in box)).point(lambda v: 255 * (v < 128))
        if square.getbbox():
            found.append(read(square.crop(square.getbbox())))
    return found


def read(picture):
    """Return the text of one QR code, cut out to its edges, white where it is dark."""
    width, height = picture.size
    corner = 0
    while picture.getpixel((corner, 1)):
        corner += 1
    size = round(width / (corner / 7))
    version = (size - 17) // 4
    assert size == 17 + 4 * version
    assert abs(width - height) < 3
    dots = [
        [
            picture.getpixel((int((x + 0.5) * width / size), int((y + 0.5) * height / size))) > 0
            for x in range(size)
        ]
        for y in range(size)
    ]
    return _text(_codewords(dots, version), version)


def _codewords(dots, version):
    size = len(dots)
    format_bits = [dots[8][x] for x in (0, 1, 2, 3, 4)]
    fixed = (True, False, True, False, True)
    level_and_mask = [bit ^ flip for bit, flip in zip(format_bits, fixed, strict=True)]
    assert level_and_mask[:2] == [False, False]  # level M
    mask = MASKS[
        sum(bit << place for bit, place in zip(level_and_mask[2:], (2, 1, 0), strict=True))
    ]

    def is_ours(y, x):
        """Tell whether a dot carries data: it is in no corner, no rhythm and no aligning square."""
        in_corner = (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9)
        in_rhythm = y == 6 or x == 6
        aligning = version > 1 and abs(y - (size - 7)) <= 2 and abs(x - (size - 7)) <= 2
        return not (in_corner or in_rhythm or aligning)

    bits = []
    upward = True
    for right in [x for x in range(size - 1, 6, -2)] + [5, 3, 1]:
        for y in range(size - 1, -1, -1) if upward else range(size):
            bits += [dots[y][x] ^ mask(y, x) for x in (right, right - 1) if is_ours(y, x)]
        upward = not upward
    return [
        sum(bit << (7 - place) for place, bit in enumerate(bits[start : start + 8]))
        for start in range(0, len(bits) - 7, 8)
    ]


def _text(words, version):
    blocks = [[] for _ in BLOCKS[version]]
    longest = max(BLOCKS[version])
    count = len(blocks)
    for place in range(longest * count):
        blocks[place % count].append(words[place])
    data = [word for block in blocks for word in block]
    bits = "".join(f"{word:08b}" for word in data)
    assert bits[:4] == "0100"  # bytes
    length = int(bits[4:12], 2)
    whole = bytes(int(bits[12 + 8 * n : 20 + 8 * n], 2) for n in range(length))
    return whole.decode()
