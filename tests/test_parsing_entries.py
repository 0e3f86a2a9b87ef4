"""Working life, education and projects: one layout rule a test."""

import pytest

from events.resume_data import Education, ResumeData, WorkExperience
from parsing_texts import TOP, resume


def roles(text: str) -> list[tuple[str, str, str]]:
    data = resume(f"{TOP}Experience\n{text}")
    return [(role.title, role.company, role.years) for role in data.work_experience]


def role(text: str) -> WorkExperience:
    return resume(f"{TOP}Experience\n{text}").work_experience[0]


def study(text: str) -> Education:
    return resume(f"{TOP}Education\n{text}").education[0]


@pytest.mark.parametrize(
    "header",
    [
        "Software Engineer, Example Corp (2020 - 2021)",
        "Software Engineer at Example Corp  2020 - 2021",
        "Software Engineer | Example Corp | 2020 - 2021",
        "Example Corp, Software Engineer  2020 - 2021",
        "Example Corp – Software Engineer  2020 – 2021",
        "2020 - 2021  Software Engineer, Example Corp",
        "Software Engineer  2020 - 2021\nExample Corp",
        "Example Corp\nSoftware Engineer  2020 - 2021",
        "Example Corp  2020 - 2021\nSoftware Engineer",
        "Software Engineer\nExample Corp\n2020 - 2021",
        "Software Engineer · Example Corp · 2020 - 2021 · 1 year",
    ],
)
def test_every_order_of_a_header_gives_the_same_role(header: str) -> None:
    assert roles(f"{header}\n• Built things") == [
        ("Software Engineer", "Example Corp", "2020 - 2021")
    ]


def test_the_place_is_neither_title_nor_employer() -> None:
    read = role("Data Analyst  Jan 2020 - Present\nFigment • San Francisco, CA\n• Counted")

    assert (read.title, read.company, read.location) == (
        "Data Analyst",
        "Figment",
        "San Francisco, CA",
    )


def test_the_name_of_an_organization_wins_over_what_follows_a_dash() -> None:
    read = role(
        "Nurse  2019 - 2020\nHillside Clinical Services - North Wing - Shift Lead\n• Cared"
    )

    assert (read.title, read.company) == ("Nurse", "Hillside Clinical Services")
    assert read.description == ("North Wing - Shift Lead", "Cared")


def test_a_title_keeps_its_addition_after_a_dash() -> None:
    read = role("Software Engineer - Payments  2019 - 2020\nExample Corp\n• Paid")

    assert (read.title, read.company) == ("Software Engineer - Payments", "Example Corp")


def test_a_title_keeps_its_addition_after_a_comma_when_the_employer_stands_below() -> None:
    read = role(
        "Registered Nurse, ICU\nHillside Hospital, Chicago, IL\n05/2016 – Present\n• Cared"
    )

    assert (read.title, read.company) == ("Registered Nurse, ICU", "Hillside Hospital")


def test_a_place_behind_an_employer_needs_no_list_of_places() -> None:
    read = role("Data Scientist, Muster SE, Klein-Musterdorf  2019 - 2020\n• Counted")

    assert (read.company, read.location) == ("Muster SE", "Klein-Musterdorf")


def test_labels_are_no_part_of_a_header() -> None:
    read = role(
        "Company: Example Limited\nDesignation: Engineer\nDuration: July 2019 to Till Date\n"
        "Responsibilities:\n• Built things"
    )

    assert (read.title, read.company) == ("Engineer", "Example Limited")
    assert read.years == "July 2019 - Till Date"
    assert read.description == ("Responsibilities:", "Built things")


def test_a_part_of_a_title_after_a_comma_is_no_employer() -> None:
    read = role(
        "Oracle Corp — Denver, CO\nSales Director, Enterprise (Apr 2018 - Present)\n• Sold"
    )

    assert (read.title, read.company) == ("Sales Director, Enterprise", "Oracle Corp")


def test_a_freelancer_has_no_employer_even_below_one() -> None:
    assert roles(
        """
        Example Corp
        Engineer  2018 - 2019
        • Built
        Freelance Developer  2016 - 2018
        • Built alone
        """
    )[1] == ("Freelance Developer", "", "2016 - 2018")


def test_a_sentence_about_the_employer_above_the_title_is_a_description() -> None:
    read = role(
        "EXAMPLE CORP, New York, NY  May 2018 - Present\n"
        "A company that makes examples of every kind for everyone\nProduct Manager\n• Led"
    )

    assert (read.title, read.company, read.location) == (
        "Product Manager",
        "EXAMPLE CORP",
        "New York, NY",
    )
    assert read.description[1:] == ("Led",)


def test_two_roles_below_one_employer_share_it() -> None:
    assert roles(
        """
        Example Corp  Leeds, UK
        Senior Engineer  2020 - Present
        • Led
        Engineer  2017 - 2020
        • Built
        """
    ) == [
        ("Senior Engineer", "Example Corp", "2020 - Present"),
        ("Engineer", "Example Corp", "2017 - 2020"),
    ]


def test_an_unknown_title_is_where_the_other_titles_are() -> None:
    assert roles(
        """
        Example Corp
        Engineer  2020 - 2021
        • Built
        Sample Group
        Head Honcho of Everything  2018 - 2020
        • Ran
        Other Works
        Wrangler of Bits  2016 - 2018
        • Wrangled
        """
    )[2] == ("Wrangler of Bits", "Other Works", "2016 - 2018")


def test_headers_without_bullets_between_them_are_roles_of_their_own() -> None:
    assert roles(
        """
        Engineer, Example Corp  2020 - 2021
        Tester, Sample Ltd  2018 - 2020
        """
    ) == [("Engineer", "Example Corp", "2020 - 2021"), ("Tester", "Sample Ltd", "2018 - 2020")]


def test_a_wrapped_bullet_is_one_item() -> None:
    read = role("Engineer, Example Corp  2020 - 2021\n• Built things and\nran them\n• Slept")

    assert read.description == ("Built things and ran them", "Slept")


def test_sentences_without_bullets_describe() -> None:
    sentence = "Responsible for the whole platform that all the teams of the company build upon."
    read = role(f"Engineer, Example Corp  2020 - 2021\n{sentence}")

    assert read.description == (sentence,)


def test_a_date_inside_a_bullet_starts_no_role() -> None:
    assert len(roles("Engineer, Example Corp  2018 - 2021\n• Won a prize (2019 - 2020)")) == 1


def test_roles_are_numbered_from_one() -> None:
    data = resume(f"{TOP}Experience\nEngineer, A Corp  2020 - 2021\n• x\nTester, B Ltd  2019\n• y")

    assert [one.id for one in data.work_experience] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "BSc Mathematics | University of Leeds | 2014 - 2017",
        "University of Leeds  2014 - 2017\nBSc Mathematics",
        "BSc Mathematics, University of Leeds, 2014 - 2017",
        "BSc Mathematics\nUniversity of Leeds\n2014 - 2017",
        "2014 - 2017  University of Leeds, BSc Mathematics",
    ],
)
def test_every_order_gives_the_same_course_of_study(text: str) -> None:
    read = study(text)

    assert (read.institution, read.degree, read.years) == (
        "University of Leeds",
        "BSc Mathematics",
        "2014 - 2017",
    )


def test_a_grade_is_a_description() -> None:
    read = study("University of Leeds\nBSc Mathematics - 3.8 GPA  2014 - 2017")

    assert (read.degree, read.description) == ("BSc Mathematics", "3.8 GPA")


def test_a_degree_broken_over_two_lines_is_whole() -> None:
    read = study("Bachelor of Science in\nComputer Science\n2010 - 2014\nLeeds College")

    assert (read.degree, read.institution) == (
        "Bachelor of Science in Computer Science",
        "Leeds College",
    )


def test_a_field_of_study_beside_the_school_belongs_to_the_degree() -> None:
    assert study("PhD  Leeds University, Physics  2018 - 2022").degree == "PhD, Physics"


def test_a_school_no_list_knows_stands_behind_the_degree() -> None:
    read = study("2008 - 2013: M.Sc. Bioinformatik, LMU München")

    assert (read.degree, read.institution) == ("M.Sc. Bioinformatik", "LMU München")


def test_achievements_at_school_are_one_text() -> None:
    read = study("Leeds University\nBSc Physics  2018 - 2021\n• First class honours\n• Chess club")

    assert read.description == "First class honours; Chess club"


def projects(text: str, *links: str) -> ResumeData:
    return resume(f"{TOP}Projects\n{text}", *links)


def test_a_project_has_name_role_years_and_description() -> None:
    project = projects("Transit App  2022\nCreator\n• Built it").personal_projects[0]

    assert (project.name, project.role, project.years, project.description) == (
        "Transit App",
        "Creator",
        "2022",
        ("Built it",),
    )


def test_a_link_whose_path_holds_the_name_belongs_to_the_project() -> None:
    project = projects(
        "Monster Shop | GitHub | Live\n• Sold",
        "https://github.com/ada",
        "https://github.com/ada/monster_shop",
        "https://monster-shop.example.com/",
    ).personal_projects[0]

    assert project.github == "https://github.com/ada/monster_shop"
    assert project.website == "https://monster-shop.example.com/"


def test_projects_that_are_only_bullets_are_named_by_their_label() -> None:
    read = projects("• Transit App: Built it for the city").personal_projects

    assert (read[0].name, read[0].description) == ("Transit App", ("Built it for the city",))
