"""Which addresses show a LinkedIn job; of all others not a byte is believed."""

import pytest

from commands.tailoring.linkedin import NotALinkedInJob, job_id_in

JOB = "4416743017"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.linkedin.com/jobs/view/{JOB}/",
        f"https://www.linkedin.com/jobs/view/{JOB}",
        f"https://linkedin.com/jobs/view/{JOB}/",
        f"https://de.linkedin.com/jobs/view/{JOB}",
        f"https://www.linkedin.com/jobs/view/senior-data-analyst-at-linear-{JOB}/",
        f"https://br.linkedin.com/jobs/view/pessoa-engenheira-de-software-s%C3%AAnior-{JOB}",
        f"https://www.linkedin.com/comm/jobs/view/{JOB}/?trackingId=x&refId=y",
        f"https://www.linkedin.com/jobs/view/{JOB}/?currentJobId=1#top",
        f"https://www.linkedin.com/jobs/search/?currentJobId={JOB}&keywords=sql",
        f"https://www.linkedin.com/jobs/collections/recommended/?currentJobId={JOB}",
        f"https://www.linkedin.com/jobs/?currentJobId={JOB}",
        f"https://WWW.LinkedIn.com/jobs/view/{JOB}/",
    ],
)
def test_the_id_is_read_from_every_usual_address(url: str) -> None:
    assert job_id_in(url) == JOB


HOSTILE = [
    "",
    "https://",
    "https:///jobs/view/1",
    "linkedin.com/jobs/view/1",
    "//www.linkedin.com/jobs/view/1",
    "http://www.linkedin.com/jobs/view/1",
    "ftp://www.linkedin.com/jobs/view/1",
    "file:///jobs/view/1",
    "javascript://www.linkedin.com/jobs/view/1",
    "https://evil.example/jobs/view/1",
    "https://linkedin.com.evil.example/jobs/view/1",
    "https://evil-linkedin.com/jobs/view/1",
    "https://linkedin.com@evil.example/jobs/view/1",
    "https://www.linkedin.com:pw@evil.example/jobs/view/1",
    "https://evil.example@www.linkedin.com/jobs/view/1",
    "https://user:pw@www.linkedin.com/jobs/view/1",
    "https://www.linkedin.com:8443/jobs/view/1",
    "https://www.linkedin.com:443/jobs/view/1",
    "https://www.linkedin.com:/jobs/view/1",
    "https://www.linkedin.com./jobs/view/1",
    "https://.linkedin.com/jobs/view/1",
    "https://a..linkedin.com/jobs/view/1",
    "https://-a.linkedin.com/jobs/view/1",
    "https://www.linkedin.com%2eevil.example/jobs/view/1",
    "https://www.linkedin.com%00.evil.example/jobs/view/1",
    "https://www.linkedin.com\\@evil.example/jobs/view/1",
    "https://evil.example\\.linkedin.com/jobs/view/1",
    "https://www.linkedin.com#@evil.example/jobs/view/1",
    "https://www.linkedin.com?@evil.example/jobs/view/1",
    "https://evil.example#.linkedin.com/jobs/view/1",
    "https://evil.example/https://www.linkedin.com/jobs/view/1",
    "https://www.lınkedin.com/jobs/view/1",
    "https://www.linkedin.com/jobs/view/１２３",
    "https://www.linkedin。com/jobs/view/1",
    "https://127.0.0.1/jobs/view/1",
    "https://[::1]/jobs/view/1",
    "https://[::ffff:169.254.169.254]/jobs/view/1",
    "https://2130706433/jobs/view/1",
    "https://localhost/jobs/view/1",
    "https://www.linkedin.com/jobs/view/../../admin/1",
    "https://www.linkedin.com/jobs/view/1/../2",
    "https://www.linkedin.com/jobs/view/1%2f2",
    "https://www.linkedin.com/jobs/view/abc",
    "https://www.linkedin.com/jobs/view/",
    "https://www.linkedin.com/in/somebody-1",
    "https://www.linkedin.com/in/somebody?currentJobId=1",
    "https://www.linkedin.com/redir/redirect?url=https://evil.example&currentJobId=1",
    "https://www.linkedin.com/jobs/search/?currentJobId=1&currentJobId=2",
    "https://www.linkedin.com/jobs/search/?currentJobId=1%0d%0aHost:%20evil.example",
    "https://www.linkedin.com/jobs/view/1\r\nHost: evil.example",
    "https://www.linkedin.com/jobs/view/1 ",
    "\thttps://www.linkedin.com/jobs/view/1",
    "https://www.linkedin.com/jobs/view/1\x00",
    "https://www.linkedin.com/jobs/view/" + "9" * 16,
    "https://www.linkedin.com/jobs/view/1?" + "x" * 2_000,
    "https://www.linkedin.com/jobs/?" + "a=1&" * 200 + "currentJobId=1",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_any_other_address_is_refused_in_a_sentence_that_helps(url: str) -> None:
    with pytest.raises(NotALinkedInJob, match=r"such as https://www\.linkedin\.com/jobs/view/"):
        job_id_in(url)
