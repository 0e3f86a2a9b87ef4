"""Resumes and postings of our own invention, for the tests of tailoring."""

import json
from typing import Any

from commands.tailoring.posting import analyse_job
from events.resume_data import ResumeData
from events.tailoring import JobAnalysis

POSTING = """# Senior Backend Engineer
### Initech

## Requirements
- 5+ years of experience with Python and Kubernetes
- REST API design, PostgreSQL and CI/CD
- Machine learning
## Nice to have
- Terraform
## Benefits
- Dental plan, Java coffee every Monday
"""


def analysis() -> JobAnalysis:
    return analyse_job(POSTING)


def resume(**changes: Any) -> ResumeData:
    """An engineer with two jobs, a project and a few traps in the text."""
    data: dict[str, Any] = {
        "personalInfo": {"name": "Ada Example", "title": "Backend Engineer", "email": "ada@x.org"},
        "summary": "Backend engineer who likes tidy systems.",
        "workExperience": [
            {
                "id": 1,
                "title": "Backend Engineer",
                "company": "Robust Systems",
                "years": "2019—2020",
                "description": [
                    "Helped migrate 12 services to K8s with a pilot team",
                    "Built REST APIs in Python for over 300 clients, cutting latency by 20%",
                    "Led a team of 4 engineers",
                    "Wrote reports, see https://x.org/a--b for one",
                ],
            },
            {
                "id": 2,
                "title": "Intern",
                "company": "Globex",
                "years": "Summer 2018",
                "description": ["Fixed bugs in a Java billing tool", "Familiar with ML basics"],
            },
        ],
        "education": [
            {"id": 1, "institution": "Example University", "degree": "BSc", "years": "2018"}
        ],
        "personalProjects": [
            {
                "id": 1,
                "name": "Tidy",
                "role": "Author",
                "years": "2021",
                "description": ["A linter"],
            }
        ],
        "additional": {
            "technicalSkills": ["Java", "C++", "C#", ".NET", "Postgres", "Stakeholder management"],
            "languages": ["Spanish (Fluent)"],
            "certificationsTraining": [],
            "awards": [],
        },
    }
    data.update(changes)
    return ResumeData.model_validate_json(json.dumps(data))
