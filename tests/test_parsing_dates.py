"""Dates in resumes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.parsing.dates import is_length, span_of, spans_in, without


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Jan 2020 - Present", "2020-01", "present"),
        ("Sept. 2018 – May 2023", "2018-09", "2023-05"),
        ("March 2019 to June 2020", "2019-03", "2020-06"),
        ("03/2020 - 01/2021", "2020-03", "2021-01"),
        ("2022-09 ~ 2024-06", "2022-09", "2024-06"),
        ("2020.01 — 2021.03", "2020-01", "2021-03"),
        ("31.12.2019 - 01.02.2020", "2019-12", "2020-02"),
        ("2015 - 2019", "2015", "2019"),
        ("2019-20", "2019", "2020"),
        ("May – Aug 2022", "2022-05", "2022-08"),
        ("Summer 2022", "2022", "2022"),
        ("Summer 2013, 2014", "2013", "2014"),
        ("June 2016", "2016-06", "2016-06"),
        ("4 May 2019 – 3 June 2020", "2019-05", "2020-06"),
        ("enero de 2020 - actualidad", "2020-01", "present"),
        ("abril de 2019 a março de 2020", "2019-04", "2020-03"),
        ("März 2018 bis heute", "2018-03", "present"),
        ("seit 2019", "2019", "present"),
        ("janvier 2019 à décembre 2020", "2019-01", "2020-12"),
        ("2018年9月 - 至今", "2018-09", "present"),
        ("2019年4月 ～ 2021年3月".replace("～", "~"), "2019-04", "2021-03"),
    ],
)
def test_a_date_is_read_as_start_and_end(text: str, start: str, end: str) -> None:
    span = span_of(text)

    assert span is not None
    assert (span.start, span.end) == (start, end)
    assert without(text, span) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Investment of 2000+ hours",
        "Won 1st place in 2022 at a hackathon",
        "10.1234/neurips.2023.1234",
        "US Patent 11,234,567",
        "Raised $2000 for charity",
        "Call 555-2019-1234",
        "",
    ],
)
def test_a_number_that_is_no_date_is_none(text: str) -> None:
    assert span_of(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Engineer, Example Ltd (2020 - 2021)", "Engineer, Example Ltd"),
        ("2020 - 2021  Engineer", "Engineer"),
        ("University of Leeds | 2019", "University of Leeds"),
        ("BSc Physics, 2015 – 2018", "BSc Physics"),
        ("Leeds College  Expected Graduation: June 2026", "Leeds College"),
        ("Engineer  May 2020 - Present  Leeds", "Engineer  Leeds"),
    ],
)
def test_a_header_is_left_clean_without_its_date(text: str, rest: str) -> None:
    span = span_of(text)

    assert span is not None
    assert without(text, span) == rest


def test_the_dash_of_a_range_is_written_one_way() -> None:
    span = span_of("Jan 2020 — Mar 2021")

    assert span is not None
    assert span.text == "Jan 2020 - Mar 2021"


@pytest.mark.parametrize("text", ["4 months", "2 years 10 months", "(1 yr 2 mos)", "3 Jahre"])
def test_a_length_of_time_is_recognised(text: str) -> None:
    assert is_length(text)


@pytest.mark.parametrize("text", ["", "4 months of leave", "Engineer"])
def test_other_text_is_no_length(text: str) -> None:
    assert not is_length(text)


@given(st.text(max_size=80))
def test_every_span_lies_inside_its_text(text: str) -> None:
    for span in spans_in(text):
        assert 0 <= span.begin <= span.finish <= len(text)
