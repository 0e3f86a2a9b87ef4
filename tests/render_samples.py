"""Resumes of people who don't exist, for the tests and benchmarks of rendering."""

from typing import Any

from events.resume_data import ResumeData


def sample(**changes: Any) -> ResumeData:
    """Return a resume of one page, with some of its keys changed."""
    return ResumeData.model_validate({**_ONE_PAGE, **changes}, strict=False)


def two_pages() -> ResumeData:
    """Return a resume that fills two pages."""
    return sample(
        workExperience=[*_WORK, *_EARLIER_WORK],
        additional={**_ADDITIONAL, "awards": _AWARDS},
        customSections=_CUSTOM,
    )


def four_languages() -> ResumeData:
    """Return a resume with Spanish, Portuguese, Chinese and Japanese in it."""
    return sample(
        personalInfo={
            **_PERSON,
            "name": "Inês Muñoz 王",
            "title": "Arquiteta de dados · データ基盤",
        },
        summary="Ingeniera de datos con diez años de experiencia en España, Brasil, 中国 y 日本.",
        workExperience=_POLYGLOT_WORK,
        education=[
            {
                "id": 1,
                "institution": "清华大学",
                "degree": "计算机科学与技术硕士",
                "years": "2011 – 2014",
                "description": "毕业论文：分布式数据库的一致性",
            },
            {
                "id": 2,
                "institution": "東京大学経済学部",
                "degree": "交換留学プログラム",
                "years": "2013年",
                "description": None,
            },
        ],
        personalProjects=[],
        additional={
            "technicalSkills": ["PostgreSQL", "分布式系统", "データ設計", "Español técnico"],
            "languages": ["Español", "Português", "中文（母语）", "日本語（ビジネス）"],
            "certificationsTraining": [],
            "awards": ["Prémio Inovação São Paulo, 2021"],
        },
    )


_PERSON = {
    "name": "Maren Oldfield",
    "title": "Staff Platform Engineer",
    "email": "maren.oldfield@example.com",
    "phone": "+44 20 7946 0812",
    "location": "Bristol, United Kingdom",
    "website": "https://maren.example.com/",
    "linkedin": "https://www.linkedin.com/in/maren-oldfield",
    "github": "github.com/moldfield",
}
_WORK = [
    {
        "id": 1,
        "title": "Staff Platform Engineer",
        "company": "Harbourline Freight",
        "location": "Bristol, UK",
        "years": "Mar 2021 – Present",
        "description": [
            "Led the move of 140 services from hand-kept machines to Kubernetes.",
            "Cut lost scans from 2.1% to 0.03% with offline-first sync of 900 scanners.",
            "Coach of six engineers, two of whom now lead teams of their own.",
        ],
    },
    {
        "id": 2,
        "title": "Senior Software Engineer",
        "company": "Office of Rail Timetables",
        "location": "London, UK",
        "years": "Jun 2017 – Feb 2021",
        "description": [
            "Built the conflict finder (C++, Python): 22,000 paths a night, efficient flow.",
            "Defined the public API (OpenAPI, 41 endpoints) used by 60 operators & shippers.",
            "Halved the cost of the test fleet by moving it to spot machines.",
        ],
    },
]
_EARLIER_WORK = [
    {
        "id": 3,
        "title": "Software Engineer",
        "company": "Kestrel Ophthalmics",
        "location": None,
        "years": "Sep 2014 – May 2017",
        "description": [
            "Shipped the firmware updater of a retinal camera certified under IEC 62304.",
            "Reduced image transfer from 14 s to 3 s by differential, affine-corrected uploads.",
            "Introduced property-based tests, which found 27 defects before the first trial.",
            "Official contact of the notified body for software questions during two audits.",
        ],
    },
    {
        "id": 4,
        "title": "Junior Developer",
        "company": "Fjord & Sons Publishing",
        "location": "Bergen, Norway",
        "years": "Aug 2012 – Aug 2014",
        "description": [
            "Typeset 300 books a year from one XML source to print and EPUB.",
            "Automated the waffle of affidavits that authors had signed by hand, shuffling none.",
            "Moved the catalogue search to PostgreSQL full text; median answer 40 ms.",
        ],
    },
]
_ADDITIONAL = {
    "technicalSkills": [
        "Python",
        "C++",
        "Go",
        "PostgreSQL",
        "Kafka",
        "Kubernetes",
        "Terraform",
        "OpenAPI",
        "Property-based testing",
    ],
    "languages": ["English (native)", "Norwegian (fluent)", "French (basic)"],
    "certificationsTraining": ["Certified Kubernetes Administrator, 2022"],
    "awards": [],
}
_AWARDS = [
    "Modern Railways Innovation Prize for timetable software, 2019",
    "Hackney Code Cup, 2016",
]
_ONE_PAGE: dict[str, Any] = {
    "personalInfo": _PERSON,
    "summary": "Platform engineer with twelve years in freight, rail and medical software. Turns "
    "fragile batch systems into ones that operators trust, and leaves teams who can run them.",
    "workExperience": _WORK,
    "education": [
        {
            "id": 1,
            "institution": "University of Bergen",
            "degree": "MSc Informatics",
            "years": "2010 – 2012",
            "description": "Thesis on affine type systems for message passing; grade A.",
        },
        {
            "id": 2,
            "institution": "University of Leeds",
            "degree": "BSc Mathematics, First Class",
            "years": "2007 – 2010",
            "description": None,
        },
    ],
    "personalProjects": [
        {
            "id": 1,
            "name": "tidewatch",
            "role": "Author",
            "years": "2019 – Present",
            "github": "https://github.com/moldfield/tidewatch",
            "website": None,
            "description": [
                "Tide tables for 4,000 ports as one 3 MB file; 1,200 sailors use it offline."
            ],
        }
    ],
    "additional": _ADDITIONAL,
    "customSections": {},
}
_CUSTOM = {
    "publications": {
        "sectionType": "stringList",
        "strings": [
            "M. Oldfield, “Conflict search in timetables”, Journal of Rail Planning, 2020",
            "M. Oldfield and K. Aas, “Sync without tears”, https://papers.example.org/sync-2022.pdf",
        ],
    },
    "volunteer_work": {
        "sectionType": "itemList",
        "items": [
            {
                "id": 1,
                "title": "Deputy Launching Authority",
                "subtitle": "Portishead Lifeboat Trust",
                "location": "Portishead",
                "years": "2018 – Present",
                "description": ["Answers for 30 launches a year and keeps the duty rota."],
            },
            {
                "id": 2,
                "title": "Mentor",
                "subtitle": "Code Club",
                "location": None,
                "years": "2016 – 2018",
                "description": ["Taught Scratch and Python to 9–11 year-olds every Friday."],
            },
        ],
    },
    "interests": {
        "sectionType": "text",
        "text": "Sea kayaking, letterpress printing.\nSecond violin in the Avon Sinfonia.",
    },
}
_POLYGLOT_WORK = [
    {
        "id": 1,
        "title": "Arquitecta de datos",
        "company": "Compañía Eléctrica del Ñandú",
        "location": "Córdoba, España",
        "years": "mar. 2021 – actualidad",
        "description": [
            "Diseñó el almacén de 3 millones de contadores; la facturación pasó de 9 h a 40 min.",
            "Formó a 12 analistas en modelado dimensional y señales en tiempo real.",
        ],
    },
    {
        "id": 2,
        "title": "Engenheira de dados",
        "company": "Fundação Água Limpa",
        "location": "São Paulo, Brasil",
        "years": "jan. 2018 – fev. 2021",
        "description": ["Reduziu em 35% o custo da ingestão de dados de estações pluviométricas."],
    },
    {
        "id": 3,
        "title": "后端开发工程师",
        "company": "北京远航科技有限公司",
        "location": "北京",
        "years": "2014年7月 – 2016年3月",
        "description": [
            "负责订单系统的后端开发，日均处理 200 万笔交易。",
            "带领 5 人团队，将接口延迟降低 60%。",
        ],
    },
    {
        "id": 4,
        "title": "データエンジニア",
        "company": "株式会社ヒダマリ",
        "location": "東京都",
        "years": "2016年4月 – 2017年12月",
        "description": [
            "需要予測の基盤を構築し、在庫を18%削減した。",
            "月次の人件費レポートを自動化した。",
        ],
    },
]
