"""The parser that lets a language model sort a resume's text, and believes only the text."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from api.adapters.llm.checked_resume import checked_resume
from api.adapters.llm.client import LlmClient
from api.adapters.llm.config import LlmConfig
from api.adapters.llm.failures import ModelUnavailable
from api.adapters.llm.sorted_text import SortedText, read_sorted, schema
from api.adapters.llm.tasks import Completion, Task
from api.adapters.llm.thread import ModelThread
from api.adapters.llm.tuning import tokens_in
from api.adapters.llm.wording import enclosed, prompt
from commands.ports import Parsed, ParserFailed
from events.document_text import DocumentText
from events.resume import ParsedContent
from events.resume_data import ResumeData

_PROMPT: Final = "parse-1"
_MOST_CHARACTERS: Final = 120_000
_NOTHING: Final = ParsedContent(data=ResumeData(), sources=(), warnings=())


class LlmParser:
    """Sorts with one organization's model, checks against the document, falls back to the rules.

    *built_in* reads by rule and raises `ParserFailed` when it cannot.
    """

    def __init__(
        self,
        client: LlmClient,
        thread: ModelThread,
        config: LlmConfig,
        built_in: Callable[[DocumentText], Parsed],
        *,
        deadline_s: float = 150,
    ) -> None:
        self._client = client
        self._thread = thread
        self._config = config
        self._built_in = built_in
        self._deadline_s = deadline_s

    @property
    def name(self) -> str:
        """Which parser, of which version."""
        return f"{self._config.provider}/{self._config.model} {_PROMPT}"[:200]

    def parse(self, text: DocumentText) -> Parsed:
        """Return what was understood, by whom, and what it took; no usage: the rules alone.

        Raises:
            ParserFailed: neither the model nor the rules understood anything.

        """
        by_rule, objection = Parsed(_NOTHING, ""), ""
        try:
            by_rule = self._built_in(text)
        except ParserFailed as failed:
            objection = str(failed)
        try:
            made = self._ask(text)
        except ModelUnavailable as unavailable:
            if objection:
                raise ParserFailed(f"{objection} {unavailable}") from None
            warned = _with_warning(by_rule.content, f"The model was not used. {unavailable}")
            return replace(by_rule, content=warned)
        checked = checked_resume(text, made.answer, by_rule.content)
        if checked.data.is_empty and objection:
            raise ParserFailed(objection)
        return Parsed(checked, self.name, made.usage)

    def _ask(self, text: DocumentText) -> Completion[SortedText]:
        document = text.plain
        if len(document) > _MOST_CHARACTERS:
            raise ModelUnavailable("LLM_INPUT_TOO_LONG")
        words = prompt(_PROMPT)
        task = Task(
            name="resume",
            prompt=words.version,
            system=words.system,
            user=words.filled({"document": enclosed("document", document)}),
            schema=schema(),
            read=read_sorted,
            answer_tokens=2 * tokens_in(document) + 2_000,
        )
        return self._thread.run(
            self._client.complete(self._config, task, deadline_s=self._deadline_s),
            timeout_s=self._deadline_s + 30,
        )


def _with_warning(content: ParsedContent, warning: str) -> ParsedContent:
    return content.model_copy(update={"warnings": (*content.warnings, warning)})
