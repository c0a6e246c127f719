"""Every rule of the raw lines: a bad file, where it is told, and the file once mended."""

import pytest

from engine.i18n import LANGUAGES, Words
from engine.library.finding import message
from engine.library.fix import mended
from engine.library.reading import examined
from engine.library.slips import RULES

# Rule, what was written, line, column, what `--fix` makes of it (None: a person decides).
BAD = [
    ("after_quote", 'do: "Prêt" dit le maire\n', 1, 11, "do: '\"Prêt\" dit le maire'\n"),
    ("after_quote", 'do: "Dire "stop" à tous"  # fort\n', 1, 12, "do: 'Dire \"stop\" à tous'  # fort\n"),
    ("after_quote", "do: 'l'isoler'\n", 1, 8, 'do: "l\'isoler"\n'),
    ("backslash", 'do: "C:\\Temp\\x"\n', 1, 8, "do: 'C:\\Temp\\x'\n"),
    ("block_indent", "do: |\n    un\n  deux\n", 3, 3, "do: |\n    un\n    deux\n"),
    ("block_text", "do: | Couper\n  puis fermer\n", 1, 5, "do: |\n  Couper\n  puis fermer\n"),
    ("braces", "do: {{ nom }} vient\n", 1, 5, 'do: "{{ nom }} vient"\n'),
    ("braces", "a: [b, isoler {{ n }} postes]\n", 1, 8, 'a: [b, "isoler {{ n }} postes"]\n'),
    ("colon_in_text", "do: Attention : couper\n", 1, 15, 'do: "Attention : couper"\n'),
    ("colon_in_text", "a:\n  do: Dire: \"stop\"\n", 2, 11, "a:\n  do: 'Dire: \"stop\"'\n"),
    ("colon_without_space", "role:dsi\ntitle: x\n", 1, 6, "role: dsi\ntitle: x\n"),
    ("dash_without_space", "a:\n  - b\n  -c\n", 3, 3, "a:\n  - b\n  - c\n"),
    ("dash_without_space", "a:\n  - b\n    -c\n", 3, 5, None),
    ("dash_without_space", "a:\n  -Couper\nb: c: d\n", 2, 3, 'a:\n  - Couper\nb: "c: d"\n'),
    ("list_in_value", "a: - b\n", 1, 4, None),
    ("reserved_start", "do: @tous\n", 1, 5, 'do: "@tous"\n'),
    ("reserved_start", "do: % de postes\n", 1, 5, 'do: "% de postes"\n'),
    ("reserved_start", "do: *gras* et plus\n", 1, 5, 'do: "*gras* et plus"\n'),
    ("reserved_start", "do: &DSI prévenu\n", 1, 5, 'do: "&DSI prévenu"\n'),
    ("reserved_start", "role: &DSI\ntitle: x\n", 1, 7, None),
    ("reserved_start", "a:\n  - [2P] couper Internet\n", 2, 5, 'a:\n  - "[2P] couper Internet"\n'),
    ("tab_indent", "a:\n\tb: c\n", 2, 1, "a:\n  b: c\n"),
    ("tab_indent", "a: |\n  b\n\tc\nd: e: f\n", 3, 1, 'a: |\n  b\n  c\nd: "e: f"\n'),
    ("text_goes_on", "title: x\n  role: dsi\n", 2, 7, None),
    ("unclosed_flow", "a: [b, c\nd: e\n", 1, 4, None),
    ("unclosed_quote", 'do: "Couper\nrole: dsi\n', 1, 5, 'do: "Couper"\nrole: dsi\n'),
    ("flow_comma", "a: {label: Payer, puis attendre, next: b}\n", 1, 19, None),
    ("flow_no_comma", "p2: x\np9: y\ndeputies: [p2 p9]\n", 3, 12, None),
    ("flow_no_colon", "a: {b:c}\n", 1, 5, None),
    ("flow_question", "a: {label: Perdu ?, next: b}\n", 1, 12, 'a: {label: "Perdu ?", next: b}\n'),
    ("flow_text", "a: {label: Tout est perdu, next: b}\n", 1, 12, "a:\n  label: Tout est perdu\n  next: b\n"),
    ("flow_text", "a:\n  - {do: Tout couper, by: [b, c]}  # fin\n", 2, 10,
     "a:\n  - do: Tout couper  # fin\n    by: [b, c]\n"),
    ("flow_text", "a: [Couper Internet, puis le VPN]\n", 1, 5, "a:\n  - Couper Internet\n  - puis le VPN\n"),
    ("hard_space", "title:\u00a0x\nb: c\n", 1, 6, "title: x\nb: c\n"),
    ("hash_in_text", "do: Couper le routeur #1\n", 1, 23, None),
    ("hash_in_text", "do: #1 d'abord\n", 1, 5, None),
    ("key_is_text", "a:\n  - Couper : les VPN\n", 2, 5, None),
    ("key_is_text", "a:\n  - Couper les accès: les VPN\n", 2, 5, None),
    ("space_before_colon", "title : x\n", 1, 6, "title: x\n"),
    ("tab", "title:\tx\n", 1, 7, "title: x\n"),
]  # fmt: skip

# What looks bad and is not.
GOOD = [
    "a: b  # un commentaire\n",
    "a:  # un commentaire\n  b: c\n",
    "do: Isoler les {{ n }} postes\n",
    'do: "Attention : couper, puis #1 et @tous"\n',
    "do: 'L''attention : couper'\n",
    "do: |\n  Attention : couper #1\n  - &DSI\n\n    plus loin\nb: c\n",
    "do: >-\n  un : deux\n",
    "a: {every: 2 h}\n",
    "a: {is: T0 + 4 h, when: {n: \"> 10\"}}\n",
    "a: [maire, dgs]\n",
    "a: [[maire, dgs], [rssi, dsi]]\n",
    "a: [\n  b,\n  c,  # dernier\n]\n",
    "a: https://cyber.gouv.fr\n",
    "a: 10:30 réunion\n",
    "a: un texte\n  sur deux lignes\nb: c\n",
    'a: "un texte\n  sur deux lignes"\nb: c\n',
    "- a\n- - b\n  - c\n",
    "x-import:\n  - Une Clé libre : valeur\n    Autre : z\n",
    "a: {}\nb: []\n",
    "a: 50 % des postes & plus * 2 !\n",
    "a: l'eau, d'abord\n",
    "a: -5\n",
    "---\na: b\n",
]  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "line", "column"), [bad[:4] for bad in BAD])
def test_a_slip_is_told_once_where_it_is(rule: str, text: str, line: int, column: int) -> None:
    found = [(one.rule, one.line, one.column) for one in examined(text.encode(), "x").findings]
    assert (rule, line, column) in found
    # The parser's own complaint about the same line is not said beside its cause.
    assert not [one for one in found if one[0].endswith("_here")]


@pytest.mark.parametrize(("text", "expected"), [(bad[1], bad[4]) for bad in BAD])
def test_fix_writes_what_was_meant_or_leaves_it(text: str, expected: str | None) -> None:
    assert mended(text) == (text if expected is None else expected)
    if expected is not None:
        assert examined(expected.encode(), "x").findings == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_bad_file_and_words(rule: str) -> None:
    text = next(text for name, text, *_ in BAD if name == rule)
    (found, *_) = [one for one in examined(text.encode(), "x").findings if one.rule == rule]
    for lang in LANGUAGES:
        assert len(message(found, Words(lang))) > 15


@pytest.mark.parametrize("text", GOOD)
def test_what_yaml_reads_as_meant_is_left_alone(text: str) -> None:
    assert examined(text.encode(), "x").findings == []
    assert mended(text) == text


def test_all_slips_of_a_broken_file_are_told_in_one_pass() -> None:
    text = "title: A : b\nsummary: @tous\nnever:\n  - [2P] couper\n  - Payé {x\nroles: {a: Un deux, b: c}\n"
    found = {(one.rule, one.line) for one in examined(text.encode(), "x").findings}
    assert found == {("colon_in_text", 1), ("reserved_start", 2), ("reserved_start", 4), ("flow_text", 6)}


def test_a_register_of_names_may_hold_texts_on_one_line() -> None:
    text = 'p1: {name: La maire, phone: ""}\n'
    assert examined(text.encode(), "x", texts_in_flow=True).findings == []
    assert [one.rule for one in examined(text.encode(), "x").findings] == ["flow_text"]


def test_what_comes_after_a_broken_line_is_read_as_if_it_were_mended() -> None:
    document = examined(b"do: Attention : couper\nb: c\n", "x")
    assert document.tree == {"do": "Attention : couper", "b": "c"}
    assert document.position(("b",)) == (2, 1)
