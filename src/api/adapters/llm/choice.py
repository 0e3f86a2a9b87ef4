"""Which engine and which parser work for an organization: its model's, or the built-in ones."""

from uuid import UUID

from api.adapters.llm.client import LlmClient
from api.adapters.llm.config import LlmConfig
from api.adapters.llm.engine import LlmEngine
from api.adapters.llm.parser import LlmParser
from api.adapters.llm.thread import ModelThread
from commands.configure_llm import settings_of
from commands.organization import fold
from commands.ports import Parser, Streams
from commands.tailoring.built_in import BuiltInEngine
from commands.tailoring.engine import Engine


class ModelChoice:
    """Looks up the settings at each job, so that a change holds from the next one on."""

    def __init__(
        self, streams: Streams, client: LlmClient, thread: ModelThread, built_in: Parser
    ) -> None:
        self._streams = streams
        self._client = client
        self._thread = thread
        self._built_in = built_in

    def engine_for(self, organization_id: UUID) -> Engine:
        """Return who proposes edits."""
        config = self._config_of(organization_id)
        return LlmEngine(self._client, self._thread, config) if config else BuiltInEngine()

    def parser_for(self, organization_id: UUID) -> Parser:
        """Return who reads resumes."""
        config = self._config_of(organization_id)
        if config is None:
            return self._built_in
        return LlmParser(self._client, self._thread, config, self._built_in.parse)

    def _config_of(self, organization_id: UUID) -> LlmConfig | None:
        organization = self._streams.load(organization_id, fold, organization_id=organization_id)
        settings = settings_of(organization)
        if not settings.names_a_model:
            return None
        return LlmConfig(
            provider=settings.provider,
            model=settings.model,
            api_key=settings.api_key,
            api_base=settings.api_base,
            reasoning_effort=settings.reasoning_effort,
        )
