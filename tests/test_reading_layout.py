"""From runs on a page to lines of text."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from events.document_text import TextLine
from render.reading.characters import HYPHEN, Run
from render.reading.cleaning import normalise, quality
from render.reading.columns import reading_order
from render.reading.lines import join_hyphens, lines_of
from render.reading.pdf import _better


def run(text: str, left: float, base: float, width: float = 0.0) -> Run:
    return Run(text, left, left + (width or 5 * len(text)), base, 10.0)


def ordered(*runs: Run) -> list[str]:
    return [one.text for one in reading_order(list(runs), 600.0)]


def joined(*texts: str) -> list[str]:
    return [line.text for line in join_hyphens([TextLine(page=1, text=t) for t in texts])]


def test_columns_written_row_by_row_are_read_column_by_column() -> None:
    rows = range(8)
    written = [
        one
        for row in rows
        for one in (
            run(f"left {row}", 50, 700 - 14 * row, 180),
            run(f"right {row}", 330, 700 - 14 * row, 200),
        )
    ]

    assert ordered(*written) == [f"left {row}" for row in rows] + [f"right {row}" for row in rows]


def test_a_line_across_both_columns_comes_before_them() -> None:
    columns = [
        one
        for row in range(8)
        for one in (run("left", 50, 600 - 14 * row, 180), run("right", 330, 600 - 14 * row, 200))
    ]

    assert ordered(*columns, run("title", 50, 700, 480))[0] == "title"


def test_dates_flush_right_are_no_column() -> None:
    written = [
        one
        for row in range(8)
        for one in (
            run(f"role {row}", 50, 700 - 40 * row, 180),
            run(f"2{row}", 500 + row * 9, 700 - 40 * row),
        )
    ]

    assert ordered(*written) == [one.text for one in written]


def test_a_note_in_the_margin_goes_with_the_line_it_stands_beside() -> None:
    written = (
        run("Northwind, Engineer", 50, 700),
        run("• built things", 60, 686),
        run("• ran things", 60, 672),
        run("Leeds", 500, 700),
        run("2019 - 2020", 490, 686),
        run("Next", 50, 650),
    )

    assert ordered(*written) == [
        "Northwind, Engineer",
        "Leeds",
        "2019 - 2020",
        "• built things",
        "• ran things",
        "Next",
    ]


def test_a_gap_on_one_line_becomes_two_spaces() -> None:
    lines = lines_of([run("Engineer", 50, 700), run("2019", 500, 700)], page=1)

    assert [line.text for line in lines] == ["Engineer  2019"]


def test_a_line_that_is_blank_after_cleaning_is_left_out() -> None:
    assert lines_of([run("\ue000", 50, 700)], page=1) == []


def test_a_hyphen_between_two_halves_of_a_word_disappears() -> None:
    assert joined(f"the organi{HYPHEN}", "zation of work") == ["the organization", "of work"]


def test_a_hyphen_before_a_second_word_stays() -> None:
    assert joined(f"a cloud{HYPHEN}", "native system") == ["a cloud-native", "system"]


def test_a_spelling_elsewhere_in_the_document_decides() -> None:
    assert joined("the re-entry", f"and re{HYPHEN}", "entry") == ["the re-entry", "and re-entry"]


def test_a_hyphen_before_a_capital_is_left_alone() -> None:
    assert joined("2019 -", "Present") == ["2019 -", "Present"]


def test_ligatures_and_wide_forms_get_their_plain_spelling() -> None:
    assert normalise("ﬁle ＡＢＣ ⼯作") == "file ABC 工作"


def test_three_ways_of_writing_one_hyphen_are_one() -> None:
    assert normalise("on-\u00ad\u2010campus") == "on-campus"


def test_private_digits_are_digits_and_private_icons_are_nothing() -> None:
    assert normalise("\uf357\uf358\uf359 \uf095") == "123"


def test_word_bullets_become_bullets() -> None:
    assert normalise("\uf0b7\tBuilt things") == "• Built things"


@given(st.text())
def test_normalised_text_is_printable_and_stays_as_it_is(text: str) -> None:
    clean = normalise(text)

    assert clean.isprintable()
    assert clean == clean.strip()
    assert normalise(clean) == clean


def test_control_characters_and_glued_words_lower_the_quality() -> None:
    assert quality("plain words of a resume") == 1
    assert quality("\x01\x02\x03 words") < 0.9
    assert quality("wordswithoutanyspacebetweenthem") < 0.9


def test_text_of_low_quality_is_replaced_by_what_the_second_reader_finds() -> None:
    data = (Path(__file__).resolve().parent / "samples" / "narrow.pdf").read_bytes()
    broken = [TextLine(page=1, text="x" * 40)]

    lines, warnings = _better(data, broken)

    assert any("international" in line.text for line in lines)
    assert warnings == ("The PDF was read without its layout.",)


def test_text_of_low_quality_stays_when_the_second_reader_fails() -> None:
    lines = [TextLine(page=1, text="x" * 40)]

    assert _better(b"no PDF", lines)[0] == lines
