"""The ports of reading, parsing and rendering, on processes that are limited or kept warm."""

from functools import cached_property
from typing import Final
from uuid import UUID

from commands.ports import Parsed, ParserFailed, RenderingFailed
from events.document_text import DocumentText
from events.resume import Page, ParsedContent
from events.resume_data import ResumeData
from events.tailoring import Language
from render.pdf import RenderFailed, renderer
from render.pdf_pool import PdfPool, RendererUnavailable
from render.sandbox import Sandbox, SandboxFailure, parse_resume

PARSER: Final = "built-in 1"


class SandboxedParser:
    """The built-in parser in a limited child process."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def parse(self, text: DocumentText) -> Parsed:
        """Return what was understood; see `commands.ports.Parser`."""
        try:
            parsed = parse_resume(self._sandbox, text)
        except SandboxFailure as failure:
            raise ParserFailed(f"The parser gave up: {failure}") from failure
        content = ParsedContent(data=parsed.data, sources=parsed.sources, warnings=parsed.warnings)
        return Parsed(content, PARSER)


class PooledRenderer:
    """WeasyPrint in warm processes."""

    def __init__(self, pool: PdfPool) -> None:
        self._pool = pool

    @cached_property
    def name(self) -> str:
        """Everything that decides the bytes besides the resume: templates, engine, fonts."""
        return renderer()

    def render(
        self, resume_id: UUID, data: ResumeData, *, page: Page, language: Language
    ) -> bytes:
        """Return the PDF; see `commands.ports.Renderer`."""
        try:
            return self._pool.render(data, page=page, language=language)
        except (RenderFailed, RendererUnavailable) as failure:
            raise RenderingFailed(f"resume {resume_id}: {failure}") from failure
