"""Where a copied text stands in a document, and what merely resembles one."""

import pytest

from api.adapters.llm.document_index import DocumentIndex
from events.document_text import DocumentText, TextLine


def index(*lines: str) -> DocumentIndex:
    return DocumentIndex(
        DocumentText(kind="pdf", pages=1, lines=tuple(TextLine(page=1, text=x) for x in lines))
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Led a TEAM of 4", "led a team of 4"),
        ("2019 – 2020", "2019-2020"),
        ("• Wrote reports.", "Wrote reports"),
        ("It’s “done”", 'It\'s "done"'),
        ("使用SQL和Python开发", "SQL"),
        ("在腾讯公司工作", "腾讯"),
        ("C++, C#", "C#"),
    ],
)
def test_a_copied_text_is_found_though_it_was_tidied(line: str, text: str) -> None:
    assert index("other", line).find(text) == 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("C++ developer", "C"),
        ("JavaScript", "Java"),
        ("grew by 35%", "3.5%"),
        ("grew by 350%", "35"),
        ("a team of 14", "a team of 4"),
        ("Led a team", "Led the team"),
        ("cooperation", "co operation of"),
        ("anything", " .,"),
    ],
)
def test_what_merely_resembles_a_text_is_not_found(line: str, text: str) -> None:
    assert index(line).find(text) is None


@pytest.mark.parametrize("text", ["microservices", "micro-services"])
def test_a_word_that_was_broken_at_a_line_end_is_one_word(text: str) -> None:
    assert index("moved to micro-", "services early").find(text) == 0
