"""The sentences of the built-in letters, by language and slot, and how names stand in them."""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from commands.tailoring.gate.case import sentences
from commands.tailoring.text import has_cjk
from events.tailoring import Language

_MASCULINE: Final = (
    "Hospital|Banco|Grupo|Instituto|Colegio|Colégio|Centro|Supermercado|Hotel|Restaurante|"
    "Laboratorio|Laboratório|Ministerio|Ministério|Escritório|Estudio|Estúdio|Museo|Museu|"
    "Ayuntamiento|Teatro|Clube|Club|Sindicato|Departamento|Jardim|Mercado"
)
_FEMININE: Final = (
    "Universidad|Universidade|Clínica|Escuela|Escola|Fundación|Fundação|Academia|Biblioteca|"
    "Farmacia|Farmácia|Compañía|Companhia|Cooperativa|Asociación|Associação|Prefeitura|Fábrica|"
    "Tienda|Loja|Editorial|Editora|Facultad|Faculdade|Librería|Livraria"
)
_ARTICLES: Final[dict[str, tuple[tuple[re.Pattern[str], str], ...]]] = {
    "es": (
        (re.compile(rf"\b([Ee]n|de) (?=(?:{_MASCULINE})\b)"), r"\1 el "),
        (re.compile(rf"\b([Ee]n|de) (?=(?:{_FEMININE})\b)"), r"\1 la "),
        (re.compile(r"\bde el (?=[A-ZÁÉÍÓÚ])"), "del "),
    ),
    "pt": (
        (re.compile(rf"\b([NnDd])a (?=(?:{_MASCULINE})\b)"), r"\1o "),
        (re.compile(rf"\ba (?=(?:{_MASCULINE})\b)"), "o "),
    ),
}
"""What the first word of a name decides: `en el Hospital`, `no Hospital`."""
_LISTS: Final[dict[Language, tuple[str, str]]] = {
    "en": (", ", " and "),
    "es": (", ", " y "),
    "pt": (", ", " e "),
    "zh": ("、", "和"),
    "ja": ("、", "、"),
}
_BESIDE_HAN: Final = re.compile(r"(?<=[A-Za-z0-9+#.]) (?=[\u3040-\u30ff\u4e00-\u9fff])")


@cache
def _table() -> dict[tuple[str, str], tuple[str, ...]]:
    table: dict[tuple[str, str], tuple[str, ...]] = {}
    path = files("commands.tailoring.letters") / "letters.tsv"
    for row in path.read_text("utf-8").splitlines():
        if row and not row.startswith("#"):
            language, slot, sentence = row.split("\t")
            table[language, slot] = (*table.get((language, slot), ()), sentence)
    return table


def variants(language: Language, slot: str) -> tuple[str, ...]:
    """Return the sentences of a slot, none where the language has no such slot."""
    return _table().get((language, slot), ())


@cache
def claimless(language: Language) -> frozenset[str]:
    """Return the sentences that stand in letters as they are: they say nothing of anybody."""
    whole = (s for (own, _), found in _table().items() if own == language for s in found)
    return frozenset(part for s in whole if "{" not in s for part in sentences(s))


def sentence(language: Language, slot: str, variant: int, **names: str) -> str:
    """Return one sentence of a slot with *names* in it, "" where there is no such slot."""
    found = variants(language, slot)
    if not found:
        return ""
    filled = found[variant % len(found)].format(**names)
    for pattern, replacement in _ARTICLES.get(language, ()):
        filled = pattern.sub(replacement, filled)
    if has_cjk(filled):
        filled = _BESIDE_HAN.sub("", filled)
    return filled[:1].upper() + filled[1:]


def listed(language: Language, items: tuple[str, ...]) -> str:
    """Return *items* as a list in running text."""
    comma, last = _LISTS[language]
    if len(items) < 2:
        return "".join(items)
    if language == "es" and re.match(r"(?:i|hi(?!e))", items[-1], re.IGNORECASE):
        last = " e "
    return f"{comma.join(items[:-1])}{last}{items[-1]}"
