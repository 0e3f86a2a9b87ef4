"""Generated resumes as documents: by LaTeX, or where it has not the letters by the HTML twin."""

import io

import pypdf
import structlog

from commands.generating.ports import Typeset
from commands.ports import RenderingFailed
from events.generation import Template
from events.resume_data import ResumeData
from events.tailoring import Language
from render.latex.compiler import Latex, LatexFailed
from render.latex.source import is_latin, latex_source, source_version
from render.pdf import RenderFailed, renderer
from render.pdf_pool import PdfPool, RendererUnavailable

log = structlog.get_logger()


class LatexTypesetter:
    """Sets with LaTeX what it can set, and everything else with WeasyPrint in the same look."""

    def __init__(self, latex: Latex | None, pool: PdfPool) -> None:
        self._latex = latex
        self._pool = pool

    def typeset(self, data: ResumeData, *, template: Template, language: Language) -> Typeset:
        """Return the document; see `commands.generating.ports.Typesetter`."""
        if self._latex is None:
            return self._twin(data, template, language, "no LaTeX is installed")
        if not is_latin(data, language):
            return self._twin(data, template, language, "LaTeX has no letters for this text")
        try:
            pdf = self._latex.compile(latex_source(data, template, language))
        except LatexFailed as failure:
            log.warning("LaTeX failed; the twin is set", reason=str(failure))
            return self._twin(data, template, language, "LaTeX failed")
        name = f"{source_version(template)}/{self._latex.version}"
        return Typeset(pdf, name, None, _pages_of(pdf))

    def _twin(
        self, data: ResumeData, template: Template, language: Language, reason: str
    ) -> Typeset:
        try:
            pdf = self._pool.render(data, page="A4", language=language, look=template)
        except (RenderFailed, RendererUnavailable) as failure:
            raise RenderingFailed(str(failure)) from failure
        return Typeset(pdf, f"{template}/{renderer()}", reason, _pages_of(pdf))


def _pages_of(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
