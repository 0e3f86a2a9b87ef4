"""Name, headline and contacts."""

import pytest

from parsing_texts import document, resume
from render.parsing.contacts import email_in, phone_in, urls_in
from render.parsing.places import find_place, is_place, split_place
from render.parsing.resume import parse_resume


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("(913) 857 -3124", "(913) 857-3124"),
        ("Phone: +91-9876543210 | x", "+91-9876543210"),
        ("+1 (415) 555-0142", "+1 (415) 555-0142"),
        ("(+86) 123-4567-8910", "(+86) 123-4567-8910"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("2015 - 2019", ""),
        ("03/2020 - 01/2021", ""),
        ("US Patent 11,234,567", ""),
        ("99.97% of 120 requests", ""),
    ],
)
def test_phone_numbers_are_found_and_dates_are_none(text: str, phone: str) -> None:
    assert phone_in(text) == phone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mail: ada.l+cv@mail.example.org.", "ada.l+cv@mail.example.org"),
        ("lleopard@laverne .edu", "lleopard@laverne.edu"),
        ("no address here @home", ""),
    ],
)
def test_email_addresses_are_found(text: str, email: str) -> None:
    assert email_in(text) == email


def test_an_email_address_is_no_website_and_a_library_is_none() -> None:
    assert urls_in("ada@example.org, Node.js, ada.dev, github.com/ada") == [
        "ada.dev",
        "github.com/ada",
    ]


@pytest.mark.parametrize(
    "text", ["Pomona, CA", "Berlin, Germany", "New York", "Remote", "Austin, TX, USA", "上海"]
)
def test_places_are_recognised(text: str) -> None:
    assert is_place(text)


@pytest.mark.parametrize(
    "text", ["Software Engineer", "Acme Bank, TX", "YMCA, Pomona, CA", "Go", "Acme, Inc"]
)
def test_other_names_are_no_places(text: str) -> None:
    assert not is_place(text)


def test_a_place_at_the_end_of_a_name_is_parted_from_it() -> None:
    assert split_place("YMCA, Pomona, CA") == ("YMCA", "Pomona, CA")
    assert split_place("Acme, Inc") == ("Acme, Inc", "")


def test_a_street_address_is_a_place() -> None:
    assert (
        find_place("555 La Verne Way, La Verne, CA 91750")
        == "555 La Verne Way, La Verne, CA 91750"
    )


def test_everything_on_one_line_is_told_apart() -> None:
    person = resume(
        """
        ADA EXAMPLE
        SENIOR SOFTWARE ENGINEER
        ada@example.org , +1 (415) 555-0142 , San Francisco, CA , linkedin.com/in/ada , ada.dev
        """
    ).personal_info

    assert person.name == "ADA EXAMPLE"
    assert person.title == "SENIOR SOFTWARE ENGINEER"
    assert person.email == "ada@example.org"
    assert person.phone == "+1 (415) 555-0142"
    assert person.location == "San Francisco, CA"
    assert person.linkedin == "linkedin.com/in/ada"
    assert person.website == "ada.dev"
    assert person.github is None


def test_labels_are_no_part_of_contacts() -> None:
    person = resume("Name: Ada Example\nEmail: ada@example.org\nAddress: Leeds, UK").personal_info

    assert (person.name, person.email, person.location) == (
        "Ada Example",
        "ada@example.org",
        "Leeds, UK",
    )


def test_a_profile_behind_a_word_is_found_by_its_link() -> None:
    person = resume(
        "Ada Example\nLinkedIn | GitHub",
        "https://github.com/ada/some-project",
        "https://www.linkedin.com/in/ada",
        "https://github.com/ada",
        "mailto:ada@example.org",
    ).personal_info

    assert person.linkedin == "https://www.linkedin.com/in/ada"
    assert person.github == "https://github.com/ada"
    assert person.email == "ada@example.org"


def test_the_title_of_the_document_is_not_the_name() -> None:
    assert resume("Curriculum Vitae\nAda Example\nada@example.org").personal_info.name == (
        "Ada Example"
    )


def test_contacts_of_a_section_count_as_contacts() -> None:
    person = resume("Ada Example\nEngineer\nContact\nada@example.org\nLeeds, UK").personal_info

    assert (person.email, person.location) == ("ada@example.org", "Leeds, UK")


def test_a_sentence_below_the_name_is_the_summary() -> None:
    data = resume(
        """
        Ada Example
        Software engineer obsessed with building products that people love
        ada@example.org
        Skills
        Python
        """
    )

    assert data.summary == "Software engineer obsessed with building products that people love"
    assert data.personal_info.title == ""


def test_what_is_missing_is_named_in_a_warning() -> None:
    warnings = parse_resume(document("Skills\nPython")).warnings

    assert "No name was found." in warnings
    assert "No e-mail address was found." in warnings
