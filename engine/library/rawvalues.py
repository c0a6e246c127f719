"""What follows a key or a dash: a text, a quote, a block of text, a one-line collection. Each may hold a slip.

Every function takes the place where a value begins and `parent`, the indentation that what belongs to it must
pass; it returns the line to go on with.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from engine.library import blocks
from engine.library.flowslips import judged
from engine.library.flowstyle import Collection, end_of_quote, read_flow
from engine.library.sheet import Sheet, indent_of
from engine.library.slips import Edit, comment_start, quoted

__all__ = ["block", "flow", "plain", "quote"]

_HEADER: Final = re.compile(r"[|>][+\-0-9]{0,2}(?=\s|$)")
_COLON: Final = re.compile(r":(?=\s|$)")
_HASH: Final = re.compile(r"\s#(?=\w)")
_MEANT_FOR_YAML: Final = re.compile(r"""[&!]\S*\s+[\[{"'|>&!]""")
_BAD_ESCAPE: Final = re.compile(
    r"""\\(?:[^0abt\tnvfre "/\\N_LPxuU]|x(?![0-9a-fA-F]{2})|u(?![0-9a-fA-F]{4}))"""
)


def plain(sheet: Sheet, number: int, start: int, parent: int) -> None:
    """A text without quotes: its first sign, or one inside, may mean something to YAML."""
    rest = sheet.lines[number][start:]
    text = rest[: comment_start(rest)]
    if not text:
        return
    if text.startswith("{{"):
        sheet.slip("braces", number, start, sheet.quoting(number, start, parent), text=text)
    elif _is_reserved(sheet, number, parent, text):
        edit = sheet.quoting(number, start, parent) if _is_surely_text(text) else None
        sheet.slip("reserved_start", number, start, edit, sign=text[0], text=text)
    elif text[0] == "-" and text[1:2] in ("", " "):
        sheet.slip("list_in_value", number, start, text=text)
    elif found := _COLON.search(text):
        edit = sheet.quoting(number, start, parent)
        sheet.slip("colon_in_text", number, start + found.start(), edit, text=text)
    elif found := _HASH.search(rest):
        sheet.slip("hash_in_text", number, start + found.start() + 1, text=rest[found.start() + 1 :])


def _is_reserved(sheet: Sheet, number: int, parent: int, text: str) -> bool:
    """Whether the first sign is one that YAML keeps for itself."""
    if text[0] in "&*!":
        if _MEANT_FOR_YAML.match(text):
            return False  # an anchor or a tag before a value: the composer refuses it by its name
        return " " in text or sheet.ends_here(number, parent)
    return text[0] in "@`%,]}" or (text[0] in "?:" and text[1:2] in ("", " "))


def _is_surely_text(text: str) -> bool:
    """`*gras* et plus` is a text; `*base` may be meant as an alias, and then quotes would hide the mistake."""
    return text[0] not in "&*!" or " " in text or "**" in text


def block(sheet: Sheet, number: int, start: int, parent: int) -> int:
    """Skip a block of text, after a look at how it opens and how it is indented."""
    line = sheet.lines[number]
    header = _HEADER.match(line, start)
    after = line[header.end() if header else start + 1 :]
    if after[: comment_start(after)].strip():
        sheet.slip("block_text", number, start, _below(sheet, number, start, after), text=after.strip())
    end, width = number + 1, 0
    while end < len(sheet.lines):
        text = sheet.lines[end]
        indent = indent_of(text)
        if text.strip():
            if text[indent] == "\t" and (not width or indent < width):
                sheet.odd_indent(end, indent, text[indent:])
            elif indent <= parent:
                break
            elif indent < width:
                edit = Edit(first=(end, 0), last=(end, indent), text=" " * width)
                sheet.slip("block_indent", end, indent, edit)
            width = width or indent
        end += 1
    return end


def _below(sheet: Sheet, number: int, start: int, after: str) -> Edit | None:
    """Carry the text that follows `|` to the next line, at the indentation of what is there."""
    below = sheet.lines[number + 1] if number + 1 < len(sheet.lines) else ""
    here = sheet.lines[number]
    indent = len(here) - len(here.lstrip(" -"))
    goes_on = below.strip() and indent_of(below) > indent
    width = indent_of(below) if goes_on else indent + 2
    text = f"{here[start]}\n{' ' * width}{after.strip()}"
    return Edit(first=(number, start), last=(number, len(here)), text=text)


def quote(sheet: Sheet, number: int, start: int, parent: int) -> int:
    """A text between quotes: is it closed, is that the end of the value, are its backslashes known."""
    sign = sheet.lines[number][start]
    end = end_of_quote(sheet.lines, (number, start), sheet.last_line(number, parent))
    if end is None:
        sheet.slip("unclosed_quote", number, start, _closing(sheet, number, start, parent), quote=sign)
        return sheet.last_line(number, parent) + 1
    line, column = end
    rest = sheet.lines[line][column:]
    if rest[: comment_start(rest)].strip():
        edit = _requoted(sheet, number, start, column) if line == number else None
        sheet.slip("after_quote", line, column, edit, text=rest.strip(), quote=sign)
    elif sign == '"' and (
        found := _BAD_ESCAPE.search(sheet.lines[number][:column] if line == number else "", start)
    ):
        inner = sheet.lines[number][start + 1 : column - 1].replace('\\"', '"')
        raw = "'" + inner.replace("'", "''") + "'"
        edit = Edit(first=(number, start), last=end, text=raw)
        sheet.slip("backslash", number, found.start(), edit, escape=found.group(), text=inner)
    return line + 1


def _closing(sheet: Sheet, number: int, start: int, parent: int) -> Edit | None:
    line = sheet.lines[number]
    if not sheet.ends_here(number, parent) or "\\" in line[start:]:
        return None
    at = (number, len(line.rstrip()))
    return Edit(first=at, last=at, text=line[start])


def _requoted(sheet: Sheet, number: int, start: int, column: int) -> Edit | None:
    """`"Dire "stop" aux autres"`: the outer quotes are meant. `"Prêt" dit-il`: they belong to the text."""
    rest = sheet.lines[number][start:]
    value = rest[: comment_start(rest, column - start)].rstrip()
    if "\\" in value or len(value) < 2:
        return None
    sign = value[0]
    nested = sign == "'" or (column - start >= 2 and value[column - start - 2].isspace())
    text = value[1:-1] if value[-1] == sign and nested else value
    return Edit(first=(number, start), last=(number, start + len(value)), text=quoted(text))


def flow(sheet: Sheet, number: int, start: int, parent: int, after_key: bool) -> int:
    """A one-line mapping or list, which may take several lines; or a text that opens with a bracket."""
    line = sheet.lines[number]
    found, (last, column), slips = read_flow(sheet.lines, (number, start), sheet.last_line(number, parent))
    if found is None:
        sheet.slips += slips
        return sheet.last_line(number, parent) + 1
    rest = sheet.lines[last][column:]
    if rest[: comment_start(rest)].strip() and not rest.lstrip().startswith(":"):
        edit = sheet.quoting(number, start, parent)
        sheet.slip("reserved_start", number, start, edit, sign=line[start], text=line[start:])
        return last + 1
    sheet.slips += slips
    as_a_block = _block_edit(sheet, found, parent, after_key)
    for slip in judged(found, texts_allowed=sheet.texts_in_flow, keys=sheet.keys):
        sheet.slips.append(replace(slip, edit=as_a_block) if slip.rule == "flow_text" else slip)
    return last + 1


def _block_edit(sheet: Sheet, found: Collection, parent: int, after_key: bool) -> Edit | None:
    (first, start), (last, end) = found.first, found.last
    indent = parent + 2 if after_key else start
    written = blocks.as_block(found, indent)
    if written is None or (not after_key and parent < 0):
        return None
    comment = sheet.lines[last][end:].strip()
    if after_key:
        head = sheet.lines[first][:start].rstrip()
        place = (first, len(head))
        opening = f"  {comment}" if comment else ""
        text = "\n".join([opening, *written])
    else:
        place = (first, start)
        text = "\n".join([written[0].lstrip() + (f"  {comment}" if comment else ""), *written[1:]])
    return Edit(first=place, last=(last, len(sheet.lines[last])), text=text)
