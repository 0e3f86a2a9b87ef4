"""Where threads wait for models."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from api.adapters.egress.thread import LoopThread, ThreadClosed
from api.adapters.llm.failures import ModelUnavailable

ResultT = TypeVar("ResultT")


class ModelThread(LoopThread):
    """Runs calls of models for other threads, many at once."""

    def __init__(self) -> None:
        super().__init__("models")

    def run(self, work: Coroutine[Any, Any, ResultT], *, timeout_s: float = 300) -> ResultT:
        """Return what *work* returns, or raise what it raises. An interrupted wait cancels it.

        Raises:
            ModelUnavailable: not within *timeout_s*, or the thread is closed.

        """
        try:
            return super().run(work, timeout_s=timeout_s)
        except TimeoutError:
            raise ModelUnavailable("LLM_TIMEOUT") from None
        except ThreadClosed:
            raise ModelUnavailable("LLM_UNAVAILABLE") from None
