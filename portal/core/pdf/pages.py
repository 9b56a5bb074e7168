"""The canvas of our documents: page x of y in one pass, words as signs of fonts, tags for readers.

ReportLab knows how many pages there are only when all are drawn; so what stands around a page is
drawn last and put in front of what stands on it. Tags (ISO 32000-1 §14.8) say in which order and as
what the words are read aloud: title, heading, paragraph, table with its rows and cells, figure.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from portal.core.pdf.fonts import BOLD, REGULAR, is_in_bold, shown


class Element(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab carries no types
    """A thing of the document's structure: a title, a paragraph, a table, a row, a cell."""

    __slots__ = ("alt", "kids", "kind", "name", "page", "parent")

    def __init__(self, kind: str, parent: "Element | None", name: str, alt: str = "") -> None:
        self.kind, self.parent, self.name, self.alt = kind, parent, name, alt
        self.page = -1
        self.kids: list[Element | int] = []

    def format(self, document: Any) -> bytes:
        """Write the element as a PDF dictionary."""
        numbers = document.idToObjectNumberAndVersion

        def reference(name: str) -> str:
            return f"{numbers[name][0]} 0 R"

        kids = " ".join(
            str(kid) if isinstance(kid, int) else reference(kid.name) for kid in self.kids
        )
        above = reference(self.parent.name if self.parent else ROOT)
        page = f"/Pg {reference(f'Page{self.page}')}" if self.page >= 0 else ""
        alt = f"/Alt <{(chr(0xFEFF) + self.alt).encode('utf-16-be').hex()}>" if self.alt else ""
        return f"<</S/{self.kind}/P {above}{page}{alt}/K[{kids}]>>".encode()


class _Raw(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab carries no types
    """A PDF object written by ourselves, once all numbers are given."""

    __RefOnly__ = 1

    def __init__(self, write: Callable[[dict[str, Any]], str]) -> None:
        self.write = write

    def format(self, document: Any) -> bytes:
        """Write it."""
        return self.write(document.idToObjectNumberAndVersion).encode()


ROOT = "structure"


class Pages(Canvas):  # type: ignore[misc]  # ReportLab carries no types
    """A canvas that draws the margins of all pages at the end, when their number is known."""

    _code: list[str]

    def __init__(
        self, *args: Any, margins: Callable[["Pages", int, int], None], **facts: Any
    ) -> None:
        super().__init__(*args, **facts)
        self.margins = margins
        self.type_size = self.font_set = ""
        self.done: list[tuple[Any, list[str]]] = []
        self.pens: dict[bool, dict[str, tuple[str, str]]] = {False: {}, True: {}}
        self.elements: list[Element] = []
        self.marked: list[list[Element]] = [[]]
        self.top = self.element("Document", None)

    # --- pages ---

    def showPage(self) -> None:  # noqa: N802 -- ReportLab's name
        """End the page, and keep it at hand for its margins."""
        drawn = self._code
        super().showPage()
        self.done.append((self._doc.Pages.pages[-1], drawn))
        self.marked.append([])

    def save(self) -> None:
        """Draw the margins of all pages and write the document."""
        if len(self._code) > 1:
            self.showPage()
        for number, (page, drawn) in enumerate(self.done, start=1):
            self._code = []
            self.init_graphics_state()
            self.margins(self, number, len(self.done))
            page.setStream([self._preamble, "q /Artifact BMC", *self._code, "EMC Q", *drawn])
            page.StructParents, page.Tabs = number - 1, pdfdoc.PDFName("S")
            page.__NoDefault__ = [*type(page).__NoDefault__, "StructParents", "Tabs"]
        self._close_structure()
        self._doc.SaveToFile(self._filename, self)

    # --- tags ---

    def element(self, kind: str, parent: Element | None, alt: str = "") -> Element:
        """Add an element to the structure, under its parent."""
        made = Element(kind, parent, f"tag{len(self.elements)}", alt)
        self.elements.append(made)
        if parent is not None:
            parent.kids.append(made)
        return made

    def open_mark(self, element: Element) -> str:
        """Return the operator after which marks on the page belong to an element."""
        here = self.marked[-1]
        if element.page < 0:
            element.page = len(self.done) + 1
        elif element.page != len(self.done) + 1:  # goes on on another page: a part of its own
            element = self.element(element.kind, element.parent)
            element.page = len(self.done) + 1
        element.kids.append(len(here))
        here.append(element)
        return f"/{element.kind} <</MCID {len(here) - 1}>> BDC"

    @contextmanager
    def tagged(self, kind: str, alt: str = "") -> Iterator[None]:
        """Let what is drawn within the block be one element right under the document."""
        self._code.append(self.open_mark(self.element(kind, self.top, alt)))
        yield
        self._code.append("EMC")

    @contextmanager
    def untagged(self) -> Iterator[None]:
        """Let what is drawn within the block be nothing to read."""
        self._code.append("/Artifact BMC")
        yield
        self._code.append("EMC")

    def _close_structure(self) -> None:
        document, pages = self._doc, self.marked[: len(self.done)]

        def root(numbers: dict[str, Any]) -> str:
            named = [[f"{numbers[element.name][0]} 0 R" for element in page] for page in pages]
            tree = " ".join(f"{n}[{' '.join(names)}]" for n, names in enumerate(named))
            return (
                f"<</Type/StructTreeRoot/K {numbers[self.top.name][0]} 0 R"
                f"/ParentTree<</Nums[{tree}]>>/ParentTreeNextKey {len(pages)}>>"
            )

        for element in self.elements:
            document.Reference(element, element.name)
        document.Reference(_Raw(root), ROOT)
        catalog = document.Catalog
        catalog.StructTreeRoot = pdfdoc.PDFObjectReference(ROOT)
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})

    # --- words ---

    def words(self, text: str, *, bold: bool = False) -> str:
        """Return the operators that show a line of text; `begin_words` comes first.

        Nothing but signs of our fonts comes out: whatever somebody wrote is shown, never obeyed.
        """
        known = self.pens[bold]
        parts: list[str] = []
        font = self.font_set
        for sign in text:
            found = known.get(sign)
            if found is None:
                found = known[sign] = self._learn(sign, bold=bold)
            if found[0] != font:
                font = found[0]
                parts.append(f"{') Tj ' if parts else ''}{font} {self.type_size} Tf (")
            elif not parts:
                parts.append("(")
            parts.append(found[1])
        self.font_set = font
        return "".join(parts) + ") Tj" if parts else ""

    def begin_words(self, size: float) -> None:
        """Begin a text object whose lines are all of one size."""
        self.type_size = f"{size:g}"
        self.font_set = ""

    def _learn(self, sign: str, *, bold: bool) -> tuple[str, str]:
        """Return the font of the document that has a sign, and the sign's code in it, escaped."""
        font = pdfmetrics.getFont(BOLD if bold and is_in_bold(sign) else REGULAR)
        [(subset, code)] = font.splitString(shown(sign), self._doc)
        return font.getSubsetInternalName(subset, self._doc), self._escape(code)
