"""Print a table of 1,000 rows with wrapping Chinese cells: ``python -m bench.documents``.

The same words, on A4 with 12-point type and the same widths of columns, are set by the house, by a
bare ReportLab platypus table, on a bare ReportLab canvas, by WeasyPrint and by LibreOffice. Each
printer runs in a process of its own, all in one run, so only what it needs is loaded there. Time is
told for a warm worker: the best of some rounds. LibreOffice has none: it is told with its start and
less it. Memory is the most that the process ever held.
"""

import argparse
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from html import escape
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

HEAD = ("序号", "项目", "内容与建设要求", "责任单位", "投资（元）")
PARTS = (1.1, 2.6, 5.0, 2.2, 1.8)
WORDS = (
    *(
        "近期建设项目",
        "道路硬化",
        "污水处理",
        "农房整治",
        "生态修复",
        "宅基地安置",
        "永久基本农田保护",
    ),
    *("耕地保有量", "公共服务设施", "村民小组", "乡村旅游", "河道清淤", "2026—2030年", "（一期）"),
    *(
        "不少于3处",
        "按规划实施",
        "由镇政府配合",
        "并接受监督",
        "古树名木",
        "防灾避险",
        "，",
        "。",
        "、",
    ),
)
REGULAR = Path(__file__).resolve().parents[1] / "portal/core/pdf/fonts/NotoSansSC-Regular.ttf"
LIMITS = {"WeasyPrint": 6.0, "LibreOffice": 1.5}
MOST_MB = 300

Row = tuple[str, ...]


def made_up(rows: int, seed: int) -> list[Row]:
    """Return rows whose cells are from one to six lines long."""
    draw = random.Random(seed)

    def words(least: int, most: int) -> str:
        return "".join(draw.choice(WORDS) for _ in range(draw.randint(least, most)))

    return [
        (str(n), words(1, 4), words(3, 16), words(1, 3), f"{draw.randrange(1, 9_000) * 1_000:,}")
        for n in range(1, rows + 1)
    ]


# --- the printers ------------------------------------------------------------


def by_house(rows: list[Row]) -> Callable[[], bytes]:
    """Print as a disclosure document, with its frame, bookmarks and tags."""
    blocks = import_module("portal.core.pdf.blocks")
    paper = import_module("portal.core.pdf.frame")
    frame = paper.Frame(
        village="青溪村",
        township="孝丰镇",
        kind="村务公开",
        number="〔2026〕村规公示 001号",
        title="近期建设项目公示",
        issued_on=date(2026, 3, 2),
        period="自2026年3月2日起至2026年4月1日止，共30天（起始日不计）",
        unit="青溪村村民委员会",
        reviewer="村务监督委员会",
        contact=(("地址", "便民服务中心"),),
        objection="对公示内容有异议的，可以书面提出。",
        verify_url="https://guihua.example.cn/v/330523102201/verify/0123456789abcdef",
        content_sha256="0123456789abcdef" * 4,
    )
    table = blocks.Table(HEAD, tuple(rows), PARTS, frozenset({0, 4}))
    return lambda: bytes(paper.render(frame, [blocks.Section("项目"), table], str))


def by_platypus(rows: list[Row]) -> Callable[[], bytes]:
    """Print with ReportLab's own table, a paragraph in every cell."""
    floor = import_module("bench.floors.pdf_table")
    return lambda: bytes(floor.platypus(HEAD, rows, PARTS, REGULAR))


def by_canvas(rows: list[Row]) -> Callable[[], bytes]:
    """Print on ReportLab's bare canvas: lines broken sign by sign, one string after the other."""
    floor = import_module("bench.floors.pdf_table")
    return lambda: bytes(floor.canvas(HEAD, rows, PARTS, REGULAR))


def _html(rows: list[Row]) -> str:
    def line(cells: Row, tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    whole = sum(PARTS)
    columns = "".join(f'<col style="width:{part / whole:.2%}">' for part in PARTS)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><style>'
        "@page{size:A4;margin:54pt 54pt 90pt}"
        f"@font-face{{font-family:Portal;src:url('{REGULAR.as_uri()}')}}"
        "body{font:12pt/1.4 Portal,'Noto Sans SC'}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed}"
        "td,th{border-bottom:.4pt solid #ccc;padding:4pt 7pt 6pt;vertical-align:top}"
        "th{text-align:left}"
        f"</style></head><body><table>{columns}<thead>{line(HEAD, 'th')}</thead><tbody>"
        + "".join(line(row, "td") for row in rows)
        + "</tbody></table></body></html>"
    )


def by_weasyprint(rows: list[Row]) -> Callable[[], bytes]:
    """Print as HTML with WeasyPrint."""
    weasyprint = import_module("weasyprint")
    page = _html(rows)
    return lambda: bytes(weasyprint.HTML(string=page).write_pdf())


def by_libreoffice(rows: list[Row]) -> Callable[[], bytes]:
    """Print as HTML with LibreOffice Writer, without a window."""
    program = shutil.which("soffice")
    folder = tempfile.mkdtemp()
    Path(folder, "table.html").write_text(_html(rows), encoding="utf-8")

    def work() -> bytes:
        command = [
            str(program), f"-env:UserInstallation={Path(folder, 'home').as_uri()}", "--headless",
            "--convert-to", "pdf:writer_web_pdf_Export", "--outdir", folder,
            str(Path(folder, "table.html")),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return Path(folder, "table.pdf").read_bytes()

    return work


PRINTERS: dict[str, Callable[[list[Row]], Callable[[], bytes]]] = {
    "house": by_house,
    "platypus": by_platypus,
    "canvas": by_canvas,
    "WeasyPrint": by_weasyprint,
    "LibreOffice": by_libreoffice,
}


def why_absent(name: str) -> str:
    """Say what a printer lacks on this machine; nothing where it is there."""
    if name == "WeasyPrint" and find_spec("weasyprint") is None:
        return "no weasyprint in this environment (uv sync --group dev)"
    if name == "LibreOffice" and shutil.which("soffice") is None:
        return "no soffice (apt-get install libreoffice-writer-nogui)"
    return ""


# --- measuring ---------------------------------------------------------------


def measure(name: str, *, rows: int, rounds: int, seed: int, keep: Path | None) -> None:
    """Print so many times in this process and tell the best round as JSON."""
    begun = time.perf_counter()
    work = PRINTERS[name](made_up(rows, seed))
    pdf = work()
    first = time.perf_counter() - begun
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    who = resource.RUSAGE_CHILDREN if name == "LibreOffice" else resource.RUSAGE_SELF
    if keep:
        Path(keep, f"{name}.pdf").write_bytes(pdf)
    told = {
        "first": first,
        "best": min(seconds),
        "bytes": len(pdf),
        "mb": resource.getrusage(who).ru_maxrss // 1024,
        "pages": pdf.count(b"/Type /Page\n") or None,
    }
    print(json.dumps(told))


def asked(name: str, rows: int, rounds: int, seed: int, keep: str | None) -> dict[str, float]:
    """Measure a printer in a process of its own."""
    command = [
        sys.executable, "-m", "bench.documents", "--printer", name, "--rows", str(rows),
        "--rounds", str(rounds), "--seed", str(seed), *(["--keep", keep] if keep else []),
    ]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Measure every printer that is there, one after the other, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder to leave the PDFs in")
    parser.add_argument("--printer", choices=PRINTERS)
    given = parser.parse_args()
    if given.printer:
        keep = Path(given.keep) if given.keep else None
        measure(given.printer, rows=given.rows, rounds=given.rounds, seed=given.seed, keep=keep)
        return
    print(f"{given.rows} rows, CPython {platform.python_version()}, {os.cpu_count()} cores")
    told: dict[str, dict[str, float]] = {}
    for name in PRINTERS:
        if lack := why_absent(name):
            print(f"{name:12} {lack}")
            continue
        told[name] = asked(name, given.rows, given.rounds, given.seed, given.keep)
        if name == "LibreOffice":
            start = asked(name, 1, given.rounds, given.seed, None)["best"]
            told[name]["start"] = start
    house = told["house"]["best"]
    for name, facts in told.items():
        ratio = facts["best"] / house
        line = f"{name:12} {facts['best']:7.3f} s  {ratio:6.2f} × house  {facts['mb']:5} MB"
        line += f"  {facts['bytes'] // 1024:6} kB  first {facts['first']:.2f} s"
        if name in LIMITS:
            line += f"  aim ≥ {LIMITS[name]} ×: {'met' if ratio >= LIMITS[name] else 'MISSED'}"
        if "start" in facts:
            less = facts["best"] - facts["start"]
            line += f"; less its start of {facts['start']:.2f} s: {less / house:.2f} × house"
        print(line)
    against = house / told["canvas"]["best"]
    print(f"house / canvas: {against:.2f} (aim ≤ 2: {'met' if against <= 2 else 'MISSED'})")
    mb = told["house"]["mb"]
    kept = "met" if mb < MOST_MB else "MISSED"
    print(f"memory of the house's worker: {mb} MB (aim < {MOST_MB}: {kept})")


if __name__ == "__main__":
    main()
