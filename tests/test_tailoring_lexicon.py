import pytest

from commands.tailoring.lexicon import lexicon
from commands.tailoring.text import fold


def found(text: str) -> set[str]:
    return set(lexicon().names(text))


def test_the_lexicon_knows_at_least_800_concepts_in_many_trades() -> None:
    concepts = lexicon().concepts.values()

    assert len(concepts) >= 800
    assert {
        "health",
        "finance",
        "logistics",
        "teach",
        "sales",
        "legal",
        "hospitality",
        "trade",
    } <= {concept.category for concept in concepts}


def test_what_follows_by_definition_is_itself_a_concept() -> None:
    known = lexicon().concepts

    assert {i for c in known.values() for i in c.implies} <= known.keys()


def test_every_concept_is_found_by_its_own_name() -> None:
    assert [name for name in lexicon().concepts if found(name) != {name}] == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("C, C++, C# and .NET", {"C", "C++", "C#", ".NET"}),
        ("Java", {"Java"}),
        ("JavaScript", {"JavaScript"}),
        ("NoSQL", {"NoSQL"}),
        ("React Native", {"React Native"}),
        ("Python, Go and R", {"Python", "Go", "R"}),
        ("K8s", {"Kubernetes"}),
        ("front-end", {"Frontend"}),
        ("RESTful APIs", {"REST API"}),
        ("Node", {"Node.js"}),
        ("使用SQL和Python开发", {"SQL", "Python"}),
        ("機械学習とReactを用いて", {"Machine learning", "React"}),
        ("Ｐｙｔｈｏｎ", {"Python"}),
        ("enfermería en UCI", {"Nursing", "Intensive care"}),
        ("gestão de projetos", {"Project management"}),
    ],
)
def test_a_skill_is_found_under_each_of_its_names(text: str, names: set[str]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "We go to market",
        "go-to-market",
        "R&D",
        "vitamin C, daily",
        "Excel at what you do",
        "a swift answer in spring",
        "sem experiência",
        "the letters of each class",
        "Javanese",
        "scalar",
    ],
)
def test_an_ordinary_word_is_no_skill(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize("text", ["İstanbul ﬁne ①", "ＡＢＣ　ｘ", "straße\u2028x"])
def test_folding_moves_no_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
