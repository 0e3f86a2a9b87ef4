"""Ask a model until its answer has the right form, or say in one word why there is none."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from api.adapters.egress.addresses import Resolve, resolve
from api.adapters.egress.transport import GuardedTransport, direct
from api.adapters.llm.addressing import base_of, key_of, model_of
from api.adapters.llm.answers import Malformed, decode
from api.adapters.llm.config import LlmConfig
from api.adapters.llm.conversation import messages_of
from api.adapters.llm.failures import FailureCode, ModelUnavailable, failure_of
from api.adapters.llm.library import Said, client_of, litellm, said, token_limit
from api.adapters.llm.tasks import AnswerT, Completion, Task
from api.adapters.llm.tuning import (
    FORMS,
    effort_of,
    form_parameters,
    most_tokens,
    own_parameters,
    temperature_of,
    tokens_in,
)
from events.tailoring import ModelUsage

_REPEATS: Final[dict[FailureCode, int]] = {
    "LLM_RATE_LIMITED": 3,
    "LLM_TIMEOUT": 2,
    "LLM_UNAVAILABLE": 2,
    "LLM_BAD_OUTPUT": 2,
}
"""How often each trouble is answered by asking again; every other one is final."""
_LONGEST_PAUSE_S: Final = 60.0


@dataclass(slots=True)
class _Tries:
    """How far one call has come."""

    form: int = 0
    attempts: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    answers: list[Said] = field(default_factory=list)
    correction: tuple[str, str] | None = None


class LlmClient:
    """Asks models of any provider. Safe for many calls at once: calls share nothing.

    *allowed_hosts* are the hosts, each `host` or `host:port`, that the operator lets models be
    reached at though they are private.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        *,
        attempt_s: float = 90,
        resolve: Resolve = resolve,
        dial: Callable[[], httpx.AsyncBaseTransport] = direct,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._attempt_s = attempt_s
        self._resolve = resolve
        self._dial = dial
        self._sleep = sleep

    async def complete(
        self, config: LlmConfig, task: Task[AnswerT], *, deadline_s: float = 200
    ) -> Completion[AnswerT]:
        """Return the model's answer in the form that *task* asks for.

        Asks again, within *deadline_s*, up to three times when told to slow down, twice after
        silence, trouble at the provider, or an answer of the wrong form. Cancelling ends the
        request.

        Raises:
            ModelUnavailable: there is no such answer.

        """
        model, key, base = model_of(config), key_of(config), base_of(config)
        transport = GuardedTransport(self._dial(), self._allowed_hosts, self._resolve)
        try:
            async with asyncio.timeout(deadline_s):
                library = await asyncio.to_thread(litellm)
                call = _Call(library, config, model, key, base, transport, self._attempt_s)
                until_s = asyncio.get_running_loop().time() + deadline_s
                return await self._insist(call, task, _Tries(), until_s)
        except TimeoutError:
            raise ModelUnavailable("LLM_TIMEOUT") from None
        finally:
            await transport.aclose()

    async def _insist(
        self, call: "_Call", task: Task[AnswerT], tries: _Tries, until_s: float
    ) -> Completion[AnswerT]:
        clock = asyncio.get_running_loop().time
        while True:
            outcome = await _tried(call, task, tries)
            if isinstance(outcome, Completion):
                return outcome
            forms = FORMS[call.config.provider]
            if outcome.code == "LLM_BAD_REQUEST" and tries.form + 1 < len(forms):
                tries.form += 1
                continue
            tries.troubles[outcome.code] += 1
            outcome.usage = _usage(call, task, tries)
            if tries.troubles[outcome.code] > _REPEATS.get(outcome.code, 0):
                raise outcome
            if outcome.code != "LLM_BAD_OUTPUT":
                pause_s = outcome.retry_after_s or 2.0 ** tries.troubles[outcome.code] / 2
                if pause_s > min(_LONGEST_PAUSE_S, until_s - clock()):
                    raise outcome
                await self._sleep(pause_s)


@dataclass(frozen=True, slots=True)
class _Call:
    """What stays the same for all attempts. Knows the key, so it is never printed."""

    library: Any = field(repr=False)
    config: LlmConfig
    model: str
    key: str = field(repr=False)
    base: str
    transport: GuardedTransport = field(repr=False)
    attempt_s: float

    async def ask(self, task: Task[Any], tries: _Tries) -> Said | None:
        """Ask once; None when litellm raised, whatever: the transport knows what happened."""
        form = FORMS[self.config.provider][tries.form]
        messages = messages_of(task, form, tries.correction)
        limit = most_tokens(self.config, task.answer_tokens, token_limit(self.library, self.model))
        asked_tokens = tokens_in("".join(message["content"] for message in messages))
        effort = effort_of(self.config)
        try:
            async with asyncio.timeout(self.attempt_s):
                response = await self.library.acompletion(
                    model=self.model,
                    messages=messages,
                    api_key=self.key,
                    api_base=self.base,
                    client=client_of(self.config, self.key, self.base, self.transport),
                    timeout=self.attempt_s,
                    num_retries=0,
                    max_retries=0,
                    drop_params=True,
                    max_tokens=limit,
                    **({"reasoning_effort": effort} if effort else {}),
                    **temperature_of(self.config, tries.troubles["LLM_BAD_OUTPUT"]),
                    **form_parameters(form, task.name, task.schema),
                    **own_parameters(self.config, asked_tokens, limit),
                )
                return said(self.library, self.config, self.model, response)
        except TimeoutError:
            self.transport.exchange.failure = "too late"
        except Exception:  # noqa: BLE001 -- its types vary by provider and its texts hold secrets
            return None
        return None


async def _tried(
    call: _Call, task: Task[AnswerT], tries: _Tries
) -> Completion[AnswerT] | ModelUnavailable:
    """Ask once, and tell an answer from the trouble."""
    tries.attempts += 1
    call.transport.reset()
    answer = await call.ask(task, tries)
    if answer is None:
        return failure_of(call.transport.exchange)
    tries.answers.append(answer)
    if answer.finish == "content_filter":
        return ModelUnavailable("LLM_REFUSED")
    if answer.finish == "length":
        return ModelUnavailable("LLM_OUTPUT_TRUNCATED")
    try:
        read = task.read(decode(answer.text))
    except Malformed as malformed:
        tries.correction = (answer.text, str(malformed))
        return ModelUnavailable("LLM_BAD_OUTPUT")
    return Completion(read, _usage(call, task, tries))


def _usage(call: _Call, task: Task[Any], tries: _Tries) -> ModelUsage:
    return ModelUsage(
        model=f"{call.config.provider}/{call.model.partition('/')[2]}",
        prompt=task.prompt,
        input_tokens=_sum([answer.input_tokens for answer in tries.answers]),
        output_tokens=_sum([answer.output_tokens for answer in tries.answers]),
        cost_micro_usd=_sum([answer.cost_micro_usd for answer in tries.answers]),
        attempts=tries.attempts,
    )


def _sum(parts: list[int | None]) -> int | None:
    """Add up what is known; no part, or an unknown one, makes the whole unknown."""
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None
