"""Rewritings of six invented resumes in five languages: the untrue ones and the true ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from commands.tailoring.gate.case import Case
from commands.tailoring.gate.judge import judge
from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import Edit, Verdict

SAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "samples" / "tailoring_claims.json").read_text("utf-8")
)
POSTING = "Requirements:\n- SQL, AWS, Node.js, nursing, project management and leadership"


def cases(kind: str) -> list[tuple[str, str, str]]:
    return [(name, path, text) for name in SAMPLES for path, text in SAMPLES[name][kind]]


def verdict_on(name: str, path: str, text: str) -> Verdict:
    sample = SAMPLES[name]
    source = ResumeData.model_validate_json(json.dumps(sample["resume"]))
    analysis = analyse_job(POSTING)
    places = Case(source, "FULL", analysis, POSTING, sample["language"]).texts
    edit = Edit(
        path=path,
        action="replace" if path in places else "append",
        original=places.get(path),
        value=text,
        reason="closer to the posting",
    )
    _, (verdict,) = judge(
        source,
        "FULL",
        (edit,),
        analysis=analysis,
        job_description=POSTING,
        language=sample["language"],
    )
    return verdict


@pytest.mark.parametrize(("name", "path", "text"), cases("false"))
def test_an_untrue_rewriting_is_refused(name: str, path: str, text: str) -> None:
    assert verdict_on(name, path, text).refusal in {
        "FABRICATED_CERT",
        "FABRICATED_COMPANY",
        "FABRICATED_NAME",
        "FABRICATED_SKILL",
        "FACTS_DROPPED",
        "INVENTED_METRIC",
        "RAISED_CLAIM",
        "UNSUPPORTED_WORD",
    }


@pytest.mark.parametrize(("name", "path", "text"), cases("true"))
def test_a_true_rewriting_is_accepted(name: str, path: str, text: str) -> None:
    verdict = verdict_on(name, path, text)

    assert verdict.accepted, f"{verdict.refusal}: {verdict.detail}"
