"""Tell languages apart, and cut texts into comparable words in five of them."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import snowballstemmer

from commands.tailoring.text import CJK, fold, has_cjk
from events.tailoring import Language

_KANA: Final = re.compile("[\u3040-\u30fa\u30fd-\u30ff]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_HIRAGANA: Final = re.compile("[\u3041-\u309f]+")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CJK_RUN: Final = re.compile(f"[{CJK}]+")
_STEMMERS: Final = {"en": "english", "es": "spanish", "pt": "portuguese"}


def language_of(text: str) -> Language | None:
    """Return the language of *text*, or None when it has too few words to tell."""
    kana, han = len(_KANA.findall(text)), len(_HAN.findall(text))
    latin = len(re.findall("[A-Za-zÀ-ÿ]+", text))
    if kana + han > max(3, latin / 2):
        return "ja" if kana * 10 > han else "zh"
    seen = words(text)
    scores = {code: sum(word in _marks(code) for word in seen) for code in _STEMMERS}
    best = max(scores, key=lambda code: scores[code])
    if scores[best] == 0 or list(scores.values()).count(scores[best]) > 1:
        return None
    return "es" if best == "es" else "pt" if best == "pt" else "en"


def words(text: str) -> tuple[str, ...]:
    """Return the folded words of alphabetic scripts in *text*, in order."""
    return tuple(word for word in _WORD.findall(_CJK_RUN.sub(" ", fold(text))) if word)


def cjk_runs(text: str) -> tuple[str, ...]:
    """Return the unbroken stretches of Han and kana in *text*, in order."""
    return tuple(_CJK_RUN.findall(fold(text)))


@lru_cache(maxsize=16384)
def stem(word: str, language: Language) -> str:
    """Return the stem of a folded *word*; Chinese and Japanese texts stem as English."""
    base = re.sub(r"['’]s?$", "", word)
    if has_cjk(base):
        return base
    # One for each word: a stemmer keeps the word in itself, and tailorings run side by side.
    stemmed: str = snowballstemmer.stemmer(_STEMMERS.get(language, "english")).stemWord(base)
    return stemmed


def stems(text: str, language: Language) -> frozenset[str]:
    """Return the stems of all words of alphabetic scripts in *text*."""
    return frozenset(stem(word, language) for word in words(text))


@cache
def word_table(name: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return a packaged table of words: language, then group, then words or phrases.

    A row is `language`, `group` and words separated by `; `, with a tab between the cells.
    """
    table: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = (files("commands.tailoring") / name).read_text("utf-8").splitlines()
    for row in rows:
        if row and not row.startswith("#"):
            language, group, cells = row.split("\t")
            groups = table.setdefault(language, {})
            groups[group] = groups.get(group, ()) + tuple(cells.split("; "))
    return table


@cache
def _marks(language: str) -> frozenset[str]:
    return frozenset(word_table("words.tsv")[language]["mark"])


@cache
def neutral(language: Language) -> frozenset[str]:
    """Return the words of *language* that claim nothing."""
    return frozenset(word_table("words.tsv")[language]["neutral"])


def content(text: str, language: Language) -> frozenset[str]:
    """Return what *text* says: the stems of its telling words, and pairs of Han and kana."""
    telling = {stem(w, language) for w in words(text) if w not in neutral(language)}
    pairs = {
        run[i : i + 2]
        for run in cjk_runs(text)
        for i in range(max(1, len(run) - 1))
        if not _HIRAGANA.fullmatch(run[i : i + 2])
    }
    return frozenset(telling | pairs)
