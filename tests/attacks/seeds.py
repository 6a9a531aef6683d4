"""Files as each import is given them, sound ones: what the attacks begin from. And what is put into them."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import xlsxwriter  # type: ignore[import-untyped]  # it brings no types
from hypothesis import strategies as st
from test_workbooks import OPEN_DOCUMENT, PARTS, SPREADSHEET, _xls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typed import Typed

RETURNS = (
    "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n104523,1,14/08/2019,,,,\n00123,2,01/02/2020,,,,\n",
    (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        "104523,05/01/2026,S,C2,N1,U6,PR1,12/02/2026,X1,CHILD,,,\n104523,12/02/2026,P,C2,N1,U6,PR1,,,,,,\n"
    ),
    "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n104523,14/08/2019,03/03/2026,,\n",
)
TRACKER = (
    ("Child ID", "DOB", "Decision", "LBP sent", "Review 1", "Team", "Notes", "Outcome"),
    ("104523", "14/08/2019", "02/03/2026", "05/03/2026", "", "North", "wants\nsupport", ""),
    ("00123", "01/02/2020", "05/01/2026", "", "16/03/2026", "South", "=1+1", "step down"),
)
ANNEX_A = (
    ("ChildUniqueID", "LoookedAfterStartDate", "LastHealthAssessmentDate", "CeasedLookedAfterDate"),
    ("104523", "01/03/2026", "", ""),
    ("00123", "01/02/2026", "16/03/2026", "20/03/2026"),
)
MINUTES = (
    ("register", "child", "kind", "id", "what", "new day", "owner", "note"),
    ("plo", "104523", "", "", "letter", "30/4/2026", "Worker 07", "parents asked for a later meeting"),
)


def separated(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """Rows as text with delimiters, each cell in quotes."""
    cells = ([f'"{cell}"' for cell in row] for row in rows)
    return "".join(delimiter.join(row) + "\n" for row in cells).encode()


@cache
def excel(rows: Sequence[Sequence[str]], sheet: str = "List_8") -> bytes:
    """Rows as a workbook of Excel."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        written = book.add_worksheet(sheet)
        for n, row in enumerate(rows):
            written.write_row(n, 0, row)
    return content.getvalue()


@cache
def open_document(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as an OpenDocument sheet."""
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    told = "".join(f"<table:table-row>{''.join(cell % c for c in row)}</table:table-row>" for row in rows)
    kind = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": "<manifest/>"}
    return zipped(kind | {"content.xml": OPEN_DOCUMENT % told})


def sheet_of_excel(inside: str, *, texts: str = "", head: str = "", **parts: str) -> bytes:
    """A workbook whose sheet is written by hand; parts by name are put in, or where empty left out."""
    sheet = f"{head}<worksheet {SPREADSHEET}>{inside}</worksheet>"
    shared = {"xl/sharedStrings.xml": f"<sst {SPREADSHEET}>{texts}</sst>"} if texts else {}
    return zipped({k: v for k, v in (PARTS | {"xl/worksheets/sheet1.xml": sheet} | shared | parts).items() if v})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def old_excel() -> bytes:
    """A workbook as Excel wrote it until 2003: numbers only."""
    with TemporaryDirectory() as folder:
        return _xls(Path(folder) / "a.xls", {(0, 0): 7, (1, 0): 104523, (2, 1): 1.5}).read_bytes()


def seeds(typed: Typed) -> dict[str, list[bytes]]:
    """Of each import sound files, those of events from a register."""
    return {
        "ssda903": [text.encode() for text in RETURNS],
        "annex-a": [excel(ANNEX_A), open_document(ANNEX_A), old_excel()],
        "table": [*(separated(TRACKER, d) for d in ",;\t|"), excel(TRACKER), open_document(TRACKER), old_excel()],
        "minutes": [separated(MINUTES), separated(MINUTES, "\t"), excel(MINUTES), open_document(MINUTES)],
        "events": [typed.does("export events").encode()],
    }


TOKENS = (
    *(b'"', b'""', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\x1b[31m", b"\x7f", b"\x85", b"\x9b"),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", "\u202e".encode(), "\u2028".encode()),
    *(
        b"=1+1",
        b"@SUM(A1)",
        b"-1",
        b"+1",
        b"sep=;\n",
        b",,,,,,,,",
        b"9" * 5000,
        b"x" * 50_000,
        b"[" * 3000,
        b"{" * 3000,
    ),
    *(b"31/02/2026", b"29/02/2023", b"01/01/0001", b"31/12/9999", b"0000-00-00", b"1E400", b"46083.99999", b"-0.0"),
    *(
        "\u0661\u0662/\u0660\u0663/\u0662\u0660\u0662\u0666".encode(),
        "\u00b2".encode(),
        b"NaN",
        b"null",
        b"#REF!",
        b"N/A",
    ),
    *(
        b"<",
        b"&",
        b"]]>",
        b"<!--",
        b"&#0;",
        b"&#x1b;",
        b"&amp;",
        b"\\u0000",
        b"\\ud800",
        b'":',
        b"104523",
        b"CHILD",
        b"DOB",
    ),
    *(b"<c r='XFD1048576'><v>1</v></c>", b"<row r='4294967296'>", b"<c r='A0'>", b" t='s'", b" t='d'", b"<v>-1</v>"),
)
"""What is put into a sound file."""


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """A file into which something was put, out of which something was cut, or in which something stands twice."""
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(content)))
        end = draw(st.integers(at, min(len(content), at + draw(st.sampled_from((1, 8, 60, 2000))))))
        piece = content[at:end]
        way = draw(st.sampled_from(("put", "over", "cut", "twice", "flip", "end")))
        if way == "put":
            content = content[:at] + draw(st.sampled_from(TOKENS)) + content[at:]
        elif way == "over":
            content = content[:at] + draw(st.sampled_from(TOKENS) | st.binary(max_size=8)) + content[end:]
        elif way == "cut":
            content = content[:at] + content[end:]
        elif way == "twice":
            content = content[:at] + piece * draw(st.integers(2, 40)) + content[end:]
        elif way == "flip" and piece:
            content = content[:at] + bytes([piece[0] ^ draw(st.integers(1, 255))]) + content[at + 1 :]
        elif way == "end":
            content = content[:at] if at > len(content) // 2 else content
    return content


@st.composite
def spoilt_inside(draw: st.DrawFn, content: bytes) -> bytes:
    """An archive of which one part was spoilt, or is gone, or stands there under another's name."""
    parts = unzipped(content)
    name = draw(st.sampled_from(sorted(parts)))
    way = draw(st.sampled_from(("spoil", "spoil", "spoil", "lose", "rename")))
    if way == "spoil":
        parts[name] = draw(spoilt(parts[name]))
    elif way == "lose":
        del parts[name]
    else:
        parts[draw(st.sampled_from(sorted(parts)))] = parts.pop(name)
    return zipped(parts)


def encoded(content: bytes, encoding: str) -> bytes:
    """The same text in another encoding; what is no text stays."""
    try:
        return content.decode().encode(encoding, "replace")
    except UnicodeDecodeError:
        return content


ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037")


def hostile_files(sound: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Sound files spoilt, or whatever bytes."""

    def of(content: bytes) -> st.SearchStrategy[bytes]:
        if content.startswith(b"PK"):
            return spoilt_inside(content) | spoilt(content)
        return st.builds(encoded, spoilt(content), st.sampled_from(ENCODINGS))

    return st.one_of(st.sampled_from(list(sound)).flatmap(of), st.sampled_from(list(sound)).flatmap(of), st.binary())
