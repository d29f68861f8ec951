"""`make messages`: brings the catalogues up to date with the sentences in code and templates.

    messages.py             every locale/*/LC_MESSAGES/django.po anew: known translations stay,
                            new sentences come empty, gone ones go; nothing is guessed
    messages.py es          the same, and a catalogue of Spanish
    messages.py --check     writes nothing; ends with 1 when a sentence is missing, fuzzy, or
                            holds something else than its original

Each fault is said in a line: the file, the language, what is wrong, the sentence.

Only Babel is needed, neither xgettext nor msgfmt. A catalogue names files, without lines, and is
sorted by them, so that a change of code changes only what it says.
"""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("alliance", "commitments", "members", "reporting", "templates")
WORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# What a translation must hold as its original does: fields to fill in, and tags.
SPACES = tuple(" \t\n")  # those that do not break belong to the sign they stand before
HELD = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|\{\w*[^{}]*\}|</?\w[^>]*>")
# Babel has "other" before "many" in Arabic; Django, and everyone who translates, after it.
ARABIC = (
    "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;"
)
# French sets its high signs off by spaces that do not break, narrow ones but for colon and quotes.
FRENCH = ((" :", "\u00a0:"), (" »", "\u00a0»"), ("« ", "«\u00a0"))
FRENCH += tuple((f"{space}{sign}", f"\u202f{sign}") for sign in ";?!" for space in " \u00a0")
HEADER = "# The site's sentences; CONTRIBUTING.md says how a language is kept and added."


def extracted() -> Catalog:
    """Every sentence that is marked for translation, with the files it stands in."""
    found = Catalog(charset="utf-8")
    for path in _files():
        for message, context in _marked(path):
            found.add(message, context=context, locations=[(str(path.relative_to(ROOT)), None)])
    return found


def _files() -> Iterator[Path]:
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*")):
            if path.suffix in {".html", ".txt"} if place == "templates" else path.suffix == ".py":
                yield path


def _marked(path: Path) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Each marked sentence (a plural one is a pair) of one file, and its context."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        if "gettext" not in source:
            return
    else:
        from django.utils.translation.template import templatize

        # In brackets, because what is left of a template is indented as no program is.
        source = f"({templatize(source)}\n)"
    for _line, word, said, _notes in extract_python(io.BytesIO(source.encode()), WORDS, [], {}):
        spec, parts = WORDS[word], said if isinstance(said, tuple) else (said,)
        context, *texts = parts if spec and isinstance(spec[0], tuple) else (None, *parts)
        if word.startswith("n"):
            yield (texts[0], texts[1]), context
        elif texts[0]:
            yield texts[0], context


def renewed(found: Catalog, known: Catalog) -> Catalog:
    """The sentences found, in one steady order, with the translations that are known of them."""
    made = Catalog(locale=known.locale, charset="utf-8", header_comment=HEADER)
    for message in sorted((one for one in found if one.id), key=_place):
        mine = known.get(_first(message), context=message.context)
        made.add(
            message.id,
            _spaced(mine, known) if mine and _is_plural(mine) == _is_plural(message) else None,
            locations=sorted(set(message.locations)),
            context=message.context,
            flags={"fuzzy"} if mine and mine.fuzzy else set(),
        )
    return made


def _spaced(message: Message, of: Catalog) -> str | tuple[str, ...]:
    """The translation, in French with the spaces that hold its signs to their words."""
    texts = (message.string,) if isinstance(message.string, str) else message.string
    if str(of.locale) == "fr":
        texts = tuple(re.sub("^(?=[:;])", " ", text or "") for text in texts)  # a sign to join by
        for typed, set_off in FRENCH:
            texts = tuple(text.replace(typed, set_off) for text in texts)
    return tuple(texts) if _is_plural(message) else texts[0]


def _is_plural(message: Message) -> bool:
    return not isinstance(message.id, str)


def _place(message: Message) -> tuple[str, str, str]:
    return min(path for path, _ in message.locations), _first(message), message.context or ""


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def written(catalogue: Catalog) -> bytes:
    """The catalogue as it is committed: the same bytes for the same sentences, on every day."""
    made = io.BytesIO()
    write_po(made, catalogue, width=100, omit_header=True, include_lineno=False)
    head = (
        f'{HEADER}\nmsgid ""\nmsgstr ""\n"Language: {catalogue.locale}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {_plural_forms(str(catalogue.locale))}\\n"\n\n'
    )
    return head.encode() + made.getvalue()


def _plural_forms(language: str) -> str:
    return ARABIC if language == "ar" else get_plural(language).plural_forms


def faults(found: Catalog, known: Catalog) -> Iterator[str]:
    """What is wrong with a language, a line for each sentence: the file, it, and the fault."""
    forms = get_plural(known.locale).num_plurals
    for message in sorted((one for one in found if one.id), key=_place):
        mine = known.get(_first(message), context=message.context)
        if fault := _fault(message, mine, forms):
            yield f"{_place(message)[0]}: {known.locale}: {fault}: {_first(message)!r:.120}"


def _fault(message: Message, mine: Message | None, forms: int) -> str:
    plural = _is_plural(message)
    if mine is None or _is_plural(mine) != plural:
        return "missing"
    if mine.fuzzy:
        return "fuzzy"
    texts = list(mine.string) if plural else [mine.string]
    if len(texts) != (forms if plural else 1) or not all(texts):
        return "missing"
    wanted = _held(message.id[-1] if plural else message.id)
    for number, text in enumerate(texts):
        spelled_out = plural and number < forms - 1  # "two members" may need no figure
        if _held(text) != wanted and not (spelled_out and _held(text) < wanted):
            return f"holds {sorted(_held(text))} instead of {sorted(wanted)}"
        if _ends(text) != _ends(_first(message)):
            return "begins or ends a line, or with a space, as the original does not"
    return ""


def _ends(text: str) -> tuple[bool, bool]:
    return text[:1] in SPACES, text[-1:] in SPACES


def _held(text: str) -> set[str]:
    return set(HELD.findall(text))


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    sys.path.insert(0, str(ROOT))
    found, wrong = extracted(), []
    check, more = arguments[:1] == ["--check"], [one for one in arguments if one[0] != "-"]
    for code in dict.fromkeys([*_languages(), *more]):
        path = ROOT / "locale" / code / "LC_MESSAGES" / "django.po"
        known = read(path, code)
        if not check:
            known = renewed(found, known)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(known))
        wrong += faults(found, known)
    print("\n".join([*wrong, f"{len(wrong)} to do"] if wrong else ["languages: complete"]))
    return bool(check and wrong)


def _languages() -> list[str]:
    """The languages that the site offers, or has a catalogue of; not the one it is written in."""
    from django.conf import settings

    offered = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    return [*offered, *(path.name for path in sorted((ROOT / "locale").glob("[a-z]*")))]


def read(path: Path, code: str) -> Catalog:
    """The catalogue at this place; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=code, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
