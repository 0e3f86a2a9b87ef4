"""What a built-in letter has to say: the job, what it asks for, and the lines that prove it."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from commands.tailoring.asked import Asked, asked_of
from commands.tailoring.evidence import Sighting
from commands.tailoring.gate.case import Case
from commands.tailoring.gate.quantities import quantities
from commands.tailoring.lexicon import TECHNICAL
from commands.tailoring.tongue import language_of
from commands.tailoring.wording import in_sentence
from events.tailoring import Language

Form = Literal["deed", "gerund", "quote", "project", "project quote"]

_SAFE: Final = re.compile(r"[\w &+#./,'’・-]{1,60}")
_ASIDE: Final = re.compile(r"\s*[(（\[【][^)）\]】]*[)）\]】]|\s+[-–—|].*$")
_NAME: Final = re.compile(r"[^\W\d_][^\d_<>{}\[\]()@#/\\|:;!?\"=*+]{0,59}")
_UNQUOTABLE: Final = re.compile(r"[\"“”«»「」{}<>\[\]()\n\r\t—–|\\@]|https?:|www\.|--")
_MOST_LETTERS: Final = {"zh": 60, "ja": 80}
_FEWEST_WORDS, _MOST_WORDS = 3, 26
_MOST_SKILLS: Final = 4
_PLAIN_NAMES: Final = frozenset({"soft", "tongue", "cert"})

_DEEDS: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"(?!(?:Advanced|Certified|Distributed|Dedicated|Experienced|Skilled|Detailed|Based|"
        r"Related|Required|Automated|Limited|Needed|Speed|Embedded)\b)(?:[A-Z][a-z]+ed|Built|Led|"
        r"Wrote|Made|Ran|Kept|Took|Taught|Drove|Grew|Cut|Held|Won|Sold|Met|Found|Gave|Brought|"
        r"Began|Chose|Oversaw|Rebuilt|Rewrote|Sent|Dealt|Rode|Fed|Swept|Drew|"
        r"Cooked|Set) [a-z0-9A-Z]"
    ),
    "es": re.compile(r"(?:[A-ZÁÉÍÓÚ][a-záéíóúñü]+[éí]|Hice|Tuve|Puse|Traje|Conduje) "),
    "pt": re.compile(r"(?:[A-ZÁÉÍÓÚ][a-záéíóúãõâêôç]+(?:ei|i)|Fiz|Tive|Pus|Trouxe) "),
    "zh": re.compile(
        r"(?:使用|整理|分析|管理|负责|参与|开发|设计|优化|主导|搭建|完成|协助|维护|带领|撰写|编写|制定|组织|推动|建立|"
        r"协调|处理|承担|重构|改进|护理|接待|执行|构建|部署|引入|迁移|编制|审核|跟进)"
    ),
}
_GERUNDS: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(r"[A-Z][a-z]+ing (?:a|an|the|our|all|and|of|[a-z]+)\b"),
    "es": re.compile(r"(?:Desarrollo|Diseño|Gestión|Atención|Mantenimiento|Elaboración|Apoyo) "),
    "pt": re.compile(
        r"(?:Desenvolvimento|Gestão|Atendimento|Manutenção|Elaboração|Apoio|Criação) "
    ),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of the resume that meets what is asked for: where it stands and how it reads."""

    form: Form
    at: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that may be said; what is unknown or unfit is "".

    `ask` is what is asked for and shown, `unmet` what is asked for first and not shown, where
    nothing is. `used` names the entry whose lines show the most of what is asked for, and that.
    """

    role: str = ""
    company: str = ""
    ask: str = ""
    unmet: str = ""
    proofs: tuple[Proof, ...] = ()
    used: tuple[str, tuple[str, ...]] = ("", ())
    skills: tuple[str, ...] = ()
    was: dict[str, str] = field(default_factory=dict)
    fits: bool = False
    name: str = ""


def material_of(case: Case) -> Material:
    """Return what a letter about *case* may say, in the language asked for."""
    asked = sorted(asked_of(case.analysis, case.job_description), key=lambda a: -a.weight)
    met = [wish for wish in asked if _shown(case, wish)]
    proofs = _proofs(case, met)
    quoted = {proof.path for proof in proofs}
    used = _used(case, met, quoted)
    return Material(
        role=_title(case.analysis.role),
        company=_fit(case.analysis.company),
        ask=next((form for wish in met if (form := _ask(case, wish))), ""),
        unmet="" if met else next((form for wish in asked if (form := _ask(case, wish))), ""),
        proofs=proofs,
        used=used,
        skills=tuple(s for s in _skills(case, met, quoted) if s not in used[1])[:_MOST_SKILLS],
        was=_was(case),
        fits=bool(met),
        name=_signature(case.source.personal_info.name),
    )


def _shown(case: Case, wish: Asked) -> list[Sighting]:
    if wish.concept is None:
        return []
    shown = case.evidence.sightings.get(wish.concept.name, ())
    return [s for s in shown if s.kind in {"bullet", "item", "custom"} and not s.aside]


def _ask(case: Case, wish: Asked) -> str:
    """Return what is asked for as it stands amid a sentence; "" where it does not suit one.

    Only a name is the same in every language: `Python`, but not `project management`.
    """
    category = wish.concept.category if wish.concept else ""
    form = _amid(wish.keyword, category)
    if not _SAFE.fullmatch(form) or len(form) > 40 or category in _PLAIN_NAMES - {"soft"}:
        return ""
    own_tongue = language_of(case.job_description) in {None, case.language}
    named = category in TECHNICAL and form[:1].isupper()
    return form if own_tongue or named else ""


def _amid(form: str, category: str) -> str:
    """Return a skill as it stands amid a sentence: `Sales` is no name, `React` is one."""
    common = category not in TECHNICAL and re.fullmatch("[A-Z][a-z]+", form) is not None
    return form.lower() if common else in_sentence(form)


def _proofs(case: Case, met: list[Asked]) -> tuple[Proof, ...]:
    """Return the two lines that show the most of what is asked for, or else the best one.

    A line cannot be quoted in another language than its own.
    """
    if case.translating:
        return ()
    weights = {wish.concept.name: wish.weight for wish in met if wish.concept}
    found: list[tuple[float, bool, Proof]] = []
    for place in case.evidence.places:
        if place.kind != "bullet" or not _quotable(place.text, case.language):
            continue
        names = {s for s in weights if any(x.path == place.path for x in _at(case, s))}
        worth = sum(weights[name] for name in names) + 0.5 * bool(quantities(place.text))
        proof = _proof(case, place.entry, place.path, place.text)
        if proof is not None:
            found.append((worth, bool(names), proof))
    ranked = sorted(found, key=lambda line: -line[0])
    telling = [proof for _, shows, proof in ranked if shows]
    return tuple(telling[:2] or [proof for _, _, proof in ranked[:1]])


def _at(case: Case, name: str) -> list[Sighting]:
    return list(case.evidence.sightings.get(name, ()))


def _quotable(text: str, language: Language) -> bool:
    if _UNQUOTABLE.search(text):
        return False
    if language in _MOST_LETTERS:
        return 4 <= len(text) <= _MOST_LETTERS[language]
    return _FEWEST_WORDS <= len(text.split()) <= _MOST_WORDS and len(text) <= 220


def _proof(case: Case, entry: str, path: str, text: str) -> Proof | None:
    language, at = case.language, _place_name(case, entry)
    told = text.strip().rstrip(".。;；")
    deed = _DEEDS.get(language)
    is_deed = deed is not None and deed.match(told) is not None
    if entry.startswith("personalProjects"):
        form: Form = "project" if is_deed else "project quote"
    else:
        gerund = _GERUNDS.get(language)
        form = "deed" if is_deed else "quote"
        form = "gerund" if gerund is not None and gerund.match(told) else form
    if not at:
        return None
    amid = form in {"deed", "gerund", "project"}
    return Proof(form, at, told[:1].lower() + told[1:] if amid else told, path)


def _used(case: Case, met: list[Asked], quoted: set[str]) -> tuple[str, tuple[str, ...]]:
    """Return the entry whose lines show the most beside the quoted ones, and what they show."""
    found: dict[str, dict[str, None]] = {}
    for wish in met:
        for sighting in _shown(case, wish):
            if sighting.kind == "bullet" and not _is_told(_shown(case, wish), quoted):
                form = _nameable(case, wish, sighting)
                found.setdefault(sighting.entry, {}).update(dict.fromkeys([form] if form else []))
    for entry, forms in sorted(found.items(), key=lambda pair: -len(pair[1])):
        at = _place_name(case, entry)
        if at and forms:
            return at, tuple(forms)[:_MOST_SKILLS]
    return "", ()


def _is_told(shown: list[Sighting], quoted: set[str]) -> bool:
    return any(sighting.path in quoted for sighting in shown)


def _nameable(case: Case, wish: Asked, sighting: Sighting) -> str:
    """Return a skill as the resume names it, amid a sentence; "" where it does not suit one."""
    category = wish.concept.category if wish.concept else ""
    form = _amid(sighting.form, category)
    suits = case.language == case.source_language or form[:1].isupper()
    plain = category in _PLAIN_NAMES or not suits or not _SAFE.fullmatch(form)
    return "" if plain or len(form) > 40 else form


def _skills(case: Case, met: list[Asked], quoted: set[str]) -> tuple[str, ...]:
    """Return the skills asked for that the quoted lines do not show, as the resume names them."""
    shown = [(wish, _shown(case, wish)) for wish in met]
    names = [_nameable(case, wish, seen[0]) for wish, seen in shown if not _is_told(seen, quoted)]
    return tuple(dict.fromkeys(name for name in names if name))


def _place_name(case: Case, entry: str) -> str:
    section, index = entry.rstrip("]").split("[")
    if section == "personalProjects":
        return _fit(case.source.personal_projects[int(index)].name)
    return _fit(case.source.work_experience[int(index)].company)


def _was(case: Case) -> dict[str, str]:
    for job in case.source.work_experience[:1]:
        title, at = _title(job.title), _fit(job.company)
        if title and at and case.language == case.source_language:
            return {"title": title, "at": at}
    return {}


def _title(text: str) -> str:
    """Return a job title without asides, teams and shouting."""
    bare = _fit(_ASIDE.sub("", text))
    shouted = bare.isupper() and len(bare) > 4
    return bare.title() if shouted else bare


def _fit(text: str) -> str:
    bare = " ".join(text.split()).strip(" ,.-/")
    return bare if _SAFE.fullmatch(bare) and len(bare) <= 60 else ""


def _signature(name: str) -> str:
    bare = " ".join(name.split())
    return bare if _NAME.fullmatch(bare) else ""
