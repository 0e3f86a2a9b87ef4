"""How often: `monthly`, `every month`, `al mes` and `毎月` are one and the same."""

import re
from typing import Final

_PERIODS: Final[dict[str, str]] = {
    "day": r"daily|(?:every|each|per|a|/) ?day|diari[oa]s?|diariamente|(?:al|por|cada) d[ií]a|"
    r"ao dia|todos (?:los|os) d[ií]as|每天|每日|毎日|日次|1日(?=約?\d)",
    "fortnight": r"fortnightly|every (?:2|two|second|other) weeks?|"
    r"quincenal(?:es|mente)?|cada (?:2|dos) semanas|"
    r"quinzenal(?:mente)?|quinzenais|a cada (?:2|duas) semanas|每两周|隔週",
    "three_weeks": r"(?:once )?every (?:3|three|third) weeks?|cada (?:3|tres) semanas|"
    r"a cada (?:3|três) semanas|每三周|3週間ごと",
    "six_months": r"every (?:6|six) months|half-yearly|semi-annually|twice yearly|"
    r"semestral(?:es|mente)?|semestrais|cada (?:6|seis) meses|每半年|半年ごと",
    "week": r"weekly|(?:every|each|per|a|/) ?week|semanal(?:es)?|semanais|semanalmente|"
    r"(?:a la|por|cada|toda) semana|todas (?:las|as) semanas|每周|每週|毎週|週次|"
    r"(?<!\d)週(?:に)?(?=約?\d)|(?:every|each) (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:cada|todos los) (?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)|"
    r"(?:cada|toda|todo) (?:segunda|terça|quarta|quinta|sexta|sábado|domingo)(?:-feira)?",
    "month": r"monthly|(?:every|each|per|a|/) ?month|mensual(?:es)?|mensualmente|mensal|mensais|"
    r"mensalmente|(?:al|ao|por|cada) m[eê]s|todos (?:los|os) meses|每月|每个月|毎月|"
    r"月次|月度|(?<!\d)月(?:に)?(?=約?\d)",
    "quarter": r"quarterly|(?:every|each|per|a) quarter|trimestra(?:l|les|is)|trimestralmente|"
    r"(?:por|cada) trimestre|每季度|季度|四半期(?:ごと)?",
    "year": r"yearly|annual(?:ly)?|(?:every|each|per|a|/) ?year|anual(?:es)?|anuais|anualmente|"
    r"(?:al|por|cada) año|(?:ao|por|cada) ano|todos (?:los|os) (?:años|anos)|每年|毎年|年度|年次",
    "shift": r"(?:every|each|per|a) shift|(?:por|cada) turno|每班",
    "hour": r"hourly|(?:every|each|per|an) hour|(?:por|cada) hora|每小时|毎時",
}
_FREQUENCY: Final = re.compile(
    "|".join(
        rf"(?P<{period}>(?<![a-zà-ÿ])(?:{pattern})(?![a-zà-ÿ]))"
        for period, pattern in _PERIODS.items()
    )
)


def frequencies(folded: str) -> list[tuple[str, int, int]]:
    """Return the periods named in a *folded* text, each with where it begins and ends."""
    return [(str(m.lastgroup), m.start(), m.end()) for m in _FREQUENCY.finditer(folded)]
