"""What the HTML of a resume shows, in which order, and what it never does."""

import re
from typing import Any

import pytest

from events.resume_data import ResumeData
from render.html import render_html, template_version
from render_samples import four_languages, sample, two_pages

HOSTILE_URLS = [
    "javascript:alert(1)",
    "JaVaScRiPt://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "vbscript:x",
    "//example.com",
    "https://user:secret@example.com/",
    'https://example.com/"onmouseover="alert(1)',
    "https://[broken",
    "mailto:a@example.com?bcc=all@example.com",
]


def html_of(data: ResumeData, language: str = "en") -> str:
    return render_html(data, page="A4", language=language)


def headings(html: str) -> list[str]:
    found = re.findall(r"<h2>(.*?)</h2>", html)
    return [
        re.sub(r"<[^>]+>|&amp;", lambda tag: "&" if tag[0] == "&amp;" else "", h) for h in found
    ]


def hrefs(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


def meta(key: str, order: int, **changes: Any) -> dict[str, Any]:
    kind = {"id": key, "key": key, "displayName": "", "sectionType": "itemList", "order": order}
    return {**kind, **changes}


def test_without_section_meta_the_standard_sections_come_in_the_standard_order() -> None:
    assert headings(html_of(two_pages()))[:5] == [
        "Summary",
        "Experience",
        "Education",
        "Projects",
        "Skills & Awards",
    ]


def test_section_meta_orders_names_and_hides() -> None:
    data = sample(
        sectionMeta=[
            meta("education", 1, displayName="Schooling"),
            meta("workExperience", 2, isVisible=False),
            meta("summary", 3, displayName="About <me>"),
            meta("personalProjects", 0),
            meta("additional", 9, displayName="Toolbox"),
        ]
    )
    assert headings(html_of(data)) == ["Projects", "Schooling", "About &lt;me&gt;", "Toolbox"]


def test_a_section_that_the_meta_forgot_is_shown_last() -> None:
    data = sample(sectionMeta=[meta("education", 0)])
    assert headings(html_of(data))[:2] == ["Education", "Summary"]


def test_a_hidden_person_leaves_no_name_anywhere() -> None:
    data = sample(sectionMeta=[meta("personalInfo", 0, isVisible=False)])
    assert "Oldfield" not in html_of(data)


def test_custom_sections_of_every_type_are_shown_under_their_spoken_key() -> None:
    html = html_of(two_pages())
    assert headings(html)[-3:] == ["Publications", "Volunteer Work", "Interests"]
    assert "Second violin in the Avon Sinfonia." in html


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Summary", "Experience", "Education", "Projects", "Skills & Certifications"]),
        ("es", ["Resumen", "Experiencia", "Educación", "Proyectos"]),
        ("pt-BR", ["Resumo", "Experiência", "Educação", "Projetos"]),
        ("zh", ["个人简介", "工作经历", "教育背景", "项目经历"]),
        ("ja", ["職務要約", "職務経歴", "学歴", "プロジェクト"]),
        ("xx", ["Summary", "Experience", "Education", "Projects"]),
    ],
)
def test_headings_are_in_the_language_of_the_resume(language: str, expected: list[str]) -> None:
    assert headings(html_of(sample(), language))[: len(expected)] == expected


def test_the_standard_english_name_is_translated_but_an_own_name_is_kept() -> None:
    data = sample(
        sectionMeta=[
            meta("workExperience", 0, displayName="Experience", isDefault=True),
            meta("education", 1, displayName="My schools", isDefault=True),
        ]
    )
    assert headings(html_of(data, "es"))[:2] == ["Experiencia", "My schools"]


def test_an_empty_resume_shows_no_section_at_all() -> None:
    html = html_of(ResumeData())
    assert headings(html) == []
    assert "<h1>" not in html


def test_blank_entries_and_bullets_vanish() -> None:
    data = ResumeData.model_validate(
        {
            "workExperience": [
                {"id": 1},
                {"id": 2, "title": "Cook", "description": [" ", "\u200b"]},
            ]
        },
        strict=False,
    )
    html = html_of(data)
    assert html.count("<article>") == 1
    assert "<li>" not in html


def test_an_entry_without_a_title_is_headed_by_its_employer() -> None:
    data = ResumeData.model_validate(
        {"workExperience": [{"id": 1, "company": "Kiln & Co"}]}, strict=False
    )
    assert "<h3>Kiln &amp; Co</h3>" in html_of(data)


def test_markup_in_data_is_shown_and_not_obeyed() -> None:
    html = html_of(sample(summary="<script>alert(1)</script> <img src=http://x.example/> &amp;"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&amp;amp;" in html
    assert "<script" not in html
    assert "<img" not in html


def test_template_syntax_in_data_is_shown_and_not_obeyed() -> None:
    assert "{{ 7 * 7 }} {% include &#39;x&#39; %}" in html_of(
        sample(summary="{{ 7 * 7 }} {% include 'x' %}")
    )


@pytest.mark.parametrize("url", HOSTILE_URLS)
@pytest.mark.parametrize("field", ["website", "email", "phone"])
def test_only_plain_addresses_become_links(url: str, field: str) -> None:
    html = html_of(ResumeData.model_validate({"personalInfo": {"name": "A", field: url}}))
    assert hrefs(html) == []
    assert "<p" in html


def test_contacts_lead_where_they_say() -> None:
    assert hrefs(html_of(sample()))[:5] == [
        "mailto:maren.oldfield@example.com",
        "tel:+442079460812",
        "https://maren.example.com/",
        "https://www.linkedin.com/in/maren-oldfield",
        "https://github.com/moldfield",
    ]


def test_a_web_address_inside_a_text_is_a_link_without_its_full_stop() -> None:
    html = html_of(sample(summary="See https://a.example/x?y=1&z=2, or (https://b.example/q)."))
    assert "https://a.example/x?y=1&amp;z=2" in hrefs(html)
    assert "https://b.example/q" in hrefs(html)


def test_an_address_within_an_address_does_not_nest_links() -> None:
    html = html_of(sample(personalInfo={"name": "A", "website": "https://a.example/https://b.c/"}))
    assert hrefs(html)[0] == "https://a.example/https://b.c/"
    assert html.count("<a ") == html.count("</a>") == 2


def test_what_cannot_be_seen_is_left_out() -> None:
    html = html_of(sample(summary="a\x00b\x1b[31m\u202etxt.exe\u2066 c\u00add \ue000"))
    assert "<p>ab[31mtxt.exe cd</p>" in html
    html.encode()


def test_chinese_and_japanese_are_marked_by_their_letters() -> None:
    html = html_of(four_languages(), "es")
    assert '<span lang="zh-Hans">后端开发工程师</span>' in html
    assert '<span lang="ja">データエンジニア</span>' in html
    assert '<span lang="ja">東京大学経済学部</span>' in html
    assert '<html lang="es">' in html


def test_the_language_of_the_document_itself_needs_no_marks() -> None:
    html = html_of(four_languages(), "zh")
    assert '<html lang="zh-Hans">' in html
    assert '<span lang="zh-Hans">' not in html
    assert '<span lang="ja">' in html


def test_a_chinese_text_in_a_japanese_document_is_marked_as_chinese() -> None:
    html = html_of(four_languages(), "ja")
    assert '<span lang="zh-Hans">毕业论文：分布式数据库的一致性</span>' in html
    assert '<span lang="ja">' not in html


def test_a_malformed_language_reads_as_english() -> None:
    assert '<html lang="en">' in html_of(sample(), '"><script>')


def test_bullets_that_bring_their_own_mark_get_no_second_one() -> None:
    data = sample(additional={"awards": ["• Gold", "- Silver", "-5 °C record"]})
    assert re.findall(r"<li>•&#8194;(.*?)</li>", html_of(data))[-3:] == [
        "Gold",
        "Silver",
        "-5 °C record",
    ]


def test_the_document_names_its_title_author_and_subject() -> None:
    html = html_of(sample())
    assert "<title>Maren Oldfield – Resume</title>" in html
    assert '<meta name="author" content="Maren Oldfield">' in html
    assert '<meta name="description" content="Staff Platform Engineer">' in html
    assert '<meta name="keywords" content="Python, C++, Go,' in html


def test_the_page_needs_nothing_from_outside_itself() -> None:
    html = html_of(two_pages())
    assert "url(" not in html
    assert "@import" not in html
    assert "src=" not in html


def test_the_template_version_names_the_template() -> None:
    assert re.fullmatch(r"classic-[0-9a-f]{8}", template_version())
