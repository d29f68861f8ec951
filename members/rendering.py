"""A mail's text as HTML: the same words, made from the text itself, so that the two agree.

The text needs no markup for it. Blocks stand between empty lines; a block of several lines begins
with its title; a line that is an address, and nothing else, is a link and reads as what it is.
Colours are left to the reader's program, so that it stays legible in the dark.
"""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info

_ADDRESS = re.compile(r"https?://\S+")
_BREAK = mark_safe("<br>\n")
_BETWEEN = re.compile(r"\n(?:[ \t]*\n)+")

STYLE = (
    ":root{color-scheme:light dark}"
    'body{font:17px/1.5 system-ui,"Segoe UI",Roboto,Arial,sans-serif;max-width:38em;'
    "margin:1.5em auto;padding:1em;border-top:2px solid;overflow-wrap:anywhere}"
    "p{margin:0 0 1.2em}"
)
_PAGE = """<!DOCTYPE html>
<html lang="{language}" dir="{dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
<style>{style}</style>
</head>
<body>
{blocks}
</body>
</html>
"""


def as_html(text: str, *, subject: str, language: str) -> str:
    """The whole HTML document of a mail: no picture, no script, nothing from elsewhere."""
    blocks = [(_block(block),) for block in _BETWEEN.split(text.strip())]
    return format_html(
        _PAGE,
        language=language,
        dir=_dir(language),
        subject=subject,
        style=mark_safe(STYLE),  # noqa: S308 our own constant
        blocks=format_html_join("\n", "<p>{}</p>", blocks),
    )


def _block(block: str) -> SafeString:
    lines = [_line(line.strip()) for line in block.split("\n")]
    if len(lines) > 1:
        lines[0] = format_html("<strong>{}</strong>", lines[0])
    return format_html_join(_BREAK, "{}", [(line,) for line in lines])


def _line(line: str) -> SafeString:
    if _ADDRESS.fullmatch(line):
        return format_html('<a href="{}">{}</a>', line, line)
    return format_html("{}", line)


def _dir(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
