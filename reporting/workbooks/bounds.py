"""What a returned workbook may be: looked at as bytes and as a zip before anything reads it.

All of it happens in memory and within fixed bounds, so that no file can keep a process busy.
"""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext as _

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 12 * 1024 * 1024
MOST_TIMES_SMALLER = 200
MOST_PARTS = 200
MOST_TAGS = 250_000
MOST_ROWS = 5_000

_ROW = re.compile(rb"<(?:[A-Za-z_]+:)?row[\s/>]")
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
# What a workbook of text consists of; properties, printers' settings and comments are not read.
_READ = re.compile(r"\[Content_Types\]\.xml$|_rels/.*\.rels$|xl/.*\.(xml|rels)$")
_OLD = b"\xd0\xcf\x11\xe0"  # the older format, and any file with a password


class Refused(Exception):
    """The file is not read; the reason is a sentence for whoever sent it."""


def looked_at(data: bytes) -> io.BytesIO:
    """A copy that holds the checked text parts of a plain .xlsx workbook and nothing else.

    The library reads only this copy: the sizes that a zip declares may be lies, and it would
    believe them. Raises Refused, with the reason in words, for macros, embedded objects,
    pictures, links to other files, entities, passwords, damage, and whatever is too large.
    """
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than %(n)d kB.") % {"n": MOST_BYTES // 1024})
    if data.startswith(_OLD):
        raise Refused(_("The file has a password or an older format. Save it as a plain .xlsx."))
    if not data.startswith(b"PK\x03\x04"):
        raise Refused(_("This is no .xlsx workbook, whatever its name says."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return _copied(parts)
    except _DAMAGE as error:
        raise Refused(_damaged()) from error


def _copied(parts: zipfile.ZipFile) -> io.BytesIO:
    _of_parts(parts.infolist())
    copy = io.BytesIO()
    with zipfile.ZipFile(copy, "w") as checked:
        for part in parts.infolist():
            if not _READ.match(part.filename):
                continue
            with parts.open(part) as file:
                # Never more than it said; read() without a number would unpack all there is.
                content = file.read(part.file_size + 1)
            _of_content(part.filename, content)
            checked.writestr(part.filename, content)
    copy.seek(0)
    return copy


def _damaged() -> str:
    return _("The file is damaged or was cut off on its way. Save it again and send it once more.")


def _of_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        raise Refused(_("The file has too many parts for a workbook of ours."))
    for part in parts:
        _of_name(part.filename.lower())
        if part.flag_bits & 1:
            raise Refused(_("The file has a password. Save it as a plain .xlsx."))
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(_damaged())
        if part.file_size > MOST_TIMES_SMALLER * max(part.compress_size, 1024):
            raise Refused(_unpacks_too_large())
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(_unpacks_too_large())


def _macros() -> str:
    return _("The workbook holds macros. Save it as a plain .xlsx without them.")


def _unpacks_too_large() -> str:
    return _("The file unpacks to far more than a report can hold.")


def _of_name(name: str) -> None:
    """Refuses a part by its name: what carries code, files, pictures or other people's data."""
    if "vbaproject" in name or "macrosheets/" in name or "vbadata" in name:
        raise Refused(_macros())
    if any(place in name for place in ("embeddings/", "activex/", "ctrlprops/")):
        raise Refused(_("The workbook holds an embedded file or control. Take it out."))
    if "/media/" in name or re.search(r"drawings/drawing\d*\.xml$", name):
        raise Refused(_("The workbook holds a picture or a drawing. Take it out."))
    if any(place in name for place in ("externallinks/", "connections.xml", "querytables/")):
        raise Refused(_("The workbook refers to other files. Take the references out."))


def _of_content(name: str, content: bytes) -> None:
    """Refuses entities and what would take too long to read; nothing is parsed here."""
    encoding = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in content or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise Refused(_damaged())
    if _ENTITIES.search(content):
        raise Refused(_("The workbook declares entities, which no workbook needs."))
    if b"macroEnabled" in content and name == "[Content_Types].xml":
        raise Refused(_macros())
    if sum(1 for _row in _ROW.finditer(content)) > MOST_ROWS:
        raise Refused(_("A sheet has more than %(n)d rows.") % {"n": MOST_ROWS})
    if content.count(b"<") > MOST_TAGS:
        raise Refused(_unpacks_too_large())
