"""Find out which role a posting is for and who offers it."""

import re
from typing import Final

from commands.tailoring.sections import Line
from commands.tailoring.text import fold, has_cjk

_ROLE_WORD: Final = re.compile(
    r"\b(?:engineer|developer|programmer|architect|designer|manager|analyst|scientist|nurse|"
    r"teacher|tutor|lecturer|professor|accountant|auditor|bookkeeper|controller|consultant|"
    r"representative|specialist|coordinator|assistant|associate|director|administrator|technician|"
    r"operator|driver|chef|cook|waiter|waitress|bartender|barista|receptionist|lawyer|attorney|"
    r"counsel|paralegal|electrician|plumber|carpenter|welder|foreman|supervisor|officer|planner|"
    r"buyer|recruiter|writer|editor|marketer|executive|lead|head|intern|cashier|clerk|therapist|"
    r"physician|doctor|pharmacist|surveyor|estimator|dispatcher|agent|owner|researcher|"
    r"ingenier[oa]|desarrollador[a]?|programador[a]?|diseñador[a]?|gerente|analista|enfermer[oa]|"
    r"maestr[oa]|profesor[a]?|contador[a]?|contable|abogad[oa]|vendedor[a]?|camarer[oa]|cociner[oa]|"
    r"electricista|conductor[a]?|engenheir[oa]|desenvolvedor[a]?|projetista|enfermeir[oa]|"
    r"professor[a]?|advogad[oa]|garçom|cozinheir[oa]|motorista|eletricista|técnic[oa])s?\b|"
    r"工程师|开发|设计师|经理|分析师|护士|教师|老师|会计|律师|销售|顾问|专员|主管|助理|司机|厨师|"
    r"エンジニア|開発者|デザイナー|マネージャー|看護師|教師|講師|弁護士|営業|"
    r"コンサルタント|担当|スタッフ|プログラマー",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^(?:job title|title|position|role|puesto|cargo|vacante|vaga|职位|岗位|职位名称|岗位名称|"
    r"招聘岗位|職種|募集職種|ポジション)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_PHRASES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"\b(?:hiring|looking for|seeking|recruiting|need|searching for|join us as)\s+"
            r"(?:an?|our(?: next)?|the)\s+([^.,;:()!\n]+)"
        ),
        r"\b(?:the role of|position of|as an?)\s+([^.,;:()!\n]+)",
        (
            r"\b(?:buscamos|contratamos|necesitamos|se busca|incorporamos)\s+"
            r"(?:a\s+)?(?:un[ao]?\s+)?([^.,;:()!\n]+)"
        ),
        r"\b(?:procuramos|contratamos|buscamos|precisamos de)\s+(?:uma?\s+)?([^.,;:()!\n]+)",
        r"(?:诚聘|招聘|招募|寻找)(?:一名|一位|一个)?([^，。；：,;:\n]+)",
        r"([^、。，\n]{2,30}?)を(?:募集|採用|探し)",
    )
)
_STOP: Final = re.compile(
    r"\s+(?:with|to|who|for|at|in|that|on|and (?:you|we)|which|based|from|of our|con|para|que|com|"
    r"em|en|no|na|de nuestro|de nuestra)\s+.*$|\s+[-–—|@]\s+.*$",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"\([^)]*\)|（[^）]*）|\[[^\]]*\]|[\U0001F000-\U0001FAFF\u2600-\u27BF]|`"
)
_CALL: Final = re.compile(
    r"^(?:诚聘|招聘|急聘)|(?:募集中?|採用)$|^(?:hiring|wanted)\s*:?\s+", re.IGNORECASE
)
_SMALL: Final = frozenset({"of", "and", "de", "da", "do", "e", "y", "in", "the"})
_COMPANY_LABEL: Final = re.compile(
    r"^(?:company|employer|empresa|公司|公司名称|会社名|企業名)\s*[:：]\s*(.+)$", re.IGNORECASE
)
_NAME: Final = r"((?:[A-Z][\w&.'-]*)(?:\s+[A-Z][\w&.'-]*){0,3})"
_COMPANY_PHRASES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^About {_NAME}$",
        rf"\b(?:[Jj]oin|[Aa]t|[Ee]n|[Nn]a) {_NAME}(?:,? (?:we|you|as|and|is)\b|[,.!])",
        rf"^{_NAME} (?:is (?:hiring|looking|seeking|a|an|the)|busca|contrata|procura|seeks)\b",
        rf"\b(?i:engineer|developer|manager|nurse|analyst|designer|team)s? (?:at|@) {_NAME}",
        rf"\b{_NAME} is an [Ee]qual [Oo]pportunity",
    )
)
_NO_COMPANY: Final = frozenset(
    {"us", "you", "the", "we", "our", "this", "least", "home", "remote"}
)


def find_role(lines: tuple[Line, ...]) -> str:
    """Return the role in title case, at most 60 characters; "" when the posting names none."""
    labelled = [match[1] for line in lines for match in [_LABEL.match(line.text)] if match]
    titled = [line.text for line in lines[:3] if line.heading or _is_bare_title(line.text)]
    titled += [line.text for line in lines[:1] if _is_title_case(line.text)]
    for text in [*labelled, *titled]:
        role = _clean(text)
        if role and (text in labelled or _ROLE_WORD.search(role)):
            return _cased(role)
    for pattern in _PHRASES:
        for line in lines:
            match = pattern.search(line.text)
            role = _clean(match[1]) if match else ""
            if _ROLE_WORD.search(role) and len(role.split()) <= 8:
                return _cased(role)
    return ""


def _is_bare_title(text: str) -> bool:
    return len(text) <= 80 and len(text.split()) <= 9 and not text.endswith((".", "。", "!"))


def _is_title_case(text: str) -> bool:
    words = [word for word in text.split() if word.casefold() not in _SMALL | {"at", "with"}]
    return 2 <= len(words) <= 9 and all(word[:1].isupper() for word in words)


def _clean(text: str) -> str:
    bare = _CALL.sub("", _NOISE.sub(" ", text)).strip(" -–—:#*\"'「」【】")
    return " ".join(_STOP.sub("", f"{bare} ").split())[:60].strip(" -–—,/")


def _cased(role: str) -> str:
    if has_cjk(role) or role != role.lower():
        return role
    words = role.split()
    return " ".join(w if w in _SMALL else w[:1].upper() + w[1:] for w in words)


def find_company(lines: tuple[Line, ...], role: str) -> str:
    """Return the employer as the posting writes it, at most 60 characters; "" when unnamed."""
    for line in lines:
        labelled = _COMPANY_LABEL.match(line.text)
        if labelled:
            return _clean(labelled[1])
    second = lines[1] if len(lines) > 1 else None
    named = second and (second.heading or re.fullmatch(_NAME, second.text))
    if second and named and role and fold(role)[:20] in fold(lines[0].text):
        name = _clean(second.text)
        if len(name.split()) <= 4 and not name.endswith("?") and second.kind == "intro":
            return name
    told = [line for line in lines if not line.bullet and line.kind != "preferred"]
    for pattern in _COMPANY_PHRASES:
        for line in told:
            match = pattern.search(line.text)
            if match and fold(match[1].split()[0]) not in _NO_COMPANY | {"about"}:
                name = match[1].rstrip(".,'")
                if not _ROLE_WORD.search(name):
                    return name[:60]
    return ""
