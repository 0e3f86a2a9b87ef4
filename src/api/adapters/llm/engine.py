"""The engine that asks a language model for edits. It proposes; the truth gate disposes."""

from collections.abc import Sequence
from typing import Final

from api.adapters.llm.client import LlmClient
from api.adapters.llm.config import LlmConfig
from api.adapters.llm.edits import SCHEMA, read_edits
from api.adapters.llm.keywords import SCHEMA as KEYWORD_SCHEMA
from api.adapters.llm.keywords import read_keywords, with_keywords
from api.adapters.llm.letters import letter_task
from api.adapters.llm.material import (
    LANGUAGES,
    background_of,
    keywords_of,
    posting_of,
    texts_of,
)
from api.adapters.llm.tasks import AnswerT, Completion, Task
from api.adapters.llm.thread import ModelThread
from api.adapters.llm.tuning import tokens_in
from api.adapters.llm.wording import enclosed, prompt
from commands.tailoring.engine import (
    NO_BACKGROUND,
    Background,
    Brief,
    Drafted,
    Proposed,
    Suggested,
)
from events.resume_data import ResumeData
from events.tailoring import Edit, JobAnalysis, Language, Strategy

_LEAST_ANSWER_TOKENS: Final = 2_000
_MOST_ANSWER_TOKENS: Final = 24_000
_KEYWORD_TOKENS: Final = 1_500


class LlmEngine:
    """Proposes with one organization's model.

    The model is sent the posting and the texts of the resume by their paths: no name, no contact
    data, no dates, no other resume.
    """

    def __init__(
        self,
        client: LlmClient,
        thread: ModelThread,
        config: LlmConfig,
        *,
        deadline_s: float = 200,
    ) -> None:
        self._client = client
        self._thread = thread
        self._config = config
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """How the engine is named in records."""
        return f"{self._config.provider}/{self._config.model}"[:200]

    def propose(
        self,
        source: ResumeData,
        analysis: JobAnalysis,
        job_description: str,
        strategy: Strategy,
        language: Language,
        background: Background = NO_BACKGROUND,
    ) -> Proposed:
        """Propose edits of *source* for the job, none of them judged.

        Raises:
            ModelUnavailable: the model gave none.

        """
        task = _tailoring(source, analysis, job_description, strategy, language, background)
        made = self._asked(task)
        edits, dropped = made.answer
        return Proposed(edits=edits, usage=made.usage, dropped=dropped)

    def suggest(self, analysis: JobAnalysis, job_description: str) -> Suggested:
        """Return *analysis* with more keywords, each of which stands in the posting.

        Raises:
            ModelUnavailable: the model gave none.

        """
        words = prompt("keywords-1")
        posting = posting_of(job_description)
        task = Task(
            name="keywords",
            prompt=words.version,
            system=words.system,
            user=words.filled({"posting": enclosed("posting", posting)}),
            schema=KEYWORD_SCHEMA,
            read=read_keywords,
            answer_tokens=_KEYWORD_TOKENS,
        )
        made = self._asked(task)
        return Suggested(with_keywords(analysis, job_description, made.answer), made.usage)

    def draft(self, brief: Brief, rejected: str | None, objections: Sequence[str]) -> Drafted:
        """Write a letter, judged by nobody.

        Raises:
            ModelUnavailable: the model gave none.

        """
        made = self._asked(letter_task(brief, rejected, objections))
        return Drafted(made.answer, made.usage)

    def _asked(self, task: Task[AnswerT]) -> Completion[AnswerT]:
        return self._thread.run(
            self._client.complete(self._config, task, deadline_s=self._deadline_s),
            timeout_s=self._deadline_s + 30,
        )


def _tailoring(
    source: ResumeData,
    analysis: JobAnalysis,
    job_description: str,
    strategy: Strategy,
    language: Language,
    background: Background,
) -> Task[tuple[tuple[Edit, ...], int]]:
    resume, posting = texts_of(source), posting_of(job_description)
    words = prompt("tailor-1" if background == NO_BACKGROUND else "tailor-2")
    values = {
        "strategy": strategy,
        "language": LANGUAGES[language],
        "keywords": enclosed("keywords", keywords_of(analysis), others=(resume,)),
        "posting": enclosed("posting", posting, others=(resume,)),
        "resume": enclosed("resume", resume, others=(posting,)),
        "background": enclosed("background", background_of(background), others=(resume,)),
    }
    return Task(
        name="edits",
        prompt=words.version,
        system=words.system,
        user=words.filled(values),
        schema=SCHEMA,
        read=read_edits,
        answer_tokens=_answer_tokens(resume),
    )


def _answer_tokens(resume: str) -> int:
    """Allow for every text being quoted, rewritten and explained, within what models can give."""
    wanted = 3 * tokens_in(resume) + _LEAST_ANSWER_TOKENS
    return min(wanted, _MOST_ANSWER_TOKENS)
