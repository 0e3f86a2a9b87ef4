"""Let a hostile model try every attack against the truth gate, through every provider's format.

A stand-in on loopback answers each request with attacks: all of them with one honest edit among
them, and each alone. Printed are, by provider and strategy, the attacks and how many were applied
(must be none), how many honest edits landed, and the time of one tailoring, model call included.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, get_args

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from api.adapters.llm.client import LlmClient
from api.adapters.llm.engine import LlmEngine
from api.adapters.llm.thread import ModelThread
from commands.tailoring.conclude import Tailored, conclude
from events.organization import Provider
from events.tailoring import Strategy
from llm_standin import PROVIDERS, Reply, StandIn, config_of
from tailoring_samples import POSTING, analysis, resume

SAMPLE = Path(__file__).resolve().parents[2] / "tests" / "samples" / "llm_hostile_edits.json"


def main() -> None:
    """Measure, print, and fail when an attack was applied or an honest edit was not."""
    hostile = json.loads(SAMPLE.read_text("utf-8"))
    attacks = [attack["edit"] for attack in hostile["attacks"]]
    rounds = [[*attacks[:25], hostile["honest"], *attacks[25:]], *([one] for one in attacks)]
    failed = False
    print(f"{'provider':18}{'strategy':10}{'attacks':>9}{'applied':>9}{'honest':>8}{'ms':>7}")
    with ModelThread() as thread:
        server = StandIn()
        for provider in PROVIDERS:
            tailor = _tailor(thread, server, provider)
            for strategy in get_args(Strategy):
                applied, honest, ms = _measured(tailor, rounds, hostile["honest"], strategy)
                tried = 2 * len(attacks)
                print(f"{provider:18}{strategy:10}{tried:9}{applied:9}{honest:7}/1{ms:7.1f}")
                failed = failed or applied > 0 or honest != 1
        server.close()
    sys.exit(failed)


Tailor = Callable[[list[dict[str, Any]], Strategy], Tailored]


def _tailor(thread: ModelThread, server: StandIn, provider: Provider) -> Tailor:
    client = LlmClient(frozenset({server.host}))
    engine = LlmEngine(client, thread, config_of(provider, server.url))

    def tailor(edits: list[dict[str, Any]], strategy: Strategy) -> Tailored:
        server.script = lambda _: Reply(text=json.dumps({"edits": edits}))
        proposed = engine.propose(resume(), analysis(), POSTING, strategy, "en")
        return conclude(resume(), POSTING, analysis(), strategy, "en", proposed.edits)

    tailor(edits=[], strategy="NUDGE")  # the first call loads what later ones use
    return tailor


def _measured(
    tailor: Tailor, rounds: list[list[dict[str, Any]]], honest: dict[str, Any], strategy: Strategy
) -> tuple[int, int, float]:
    """Return how many attacks were applied, how many honest edits landed, and the median ms."""
    applied, landed, times = 0, 0, []
    for edits in rounds:
        started = perf_counter()
        outcome = tailor(edits, strategy)
        times.append((perf_counter() - started) * 1_000)
        accepted = [verdict.edit.value for verdict in outcome.verdicts if verdict.accepted]
        honest_here = accepted.count(honest["value"])
        landed += honest_here
        applied += len(accepted) - honest_here
        if not accepted and outcome.data != resume():
            applied += 1
    return applied, landed, median(times)


if __name__ == "__main__":
    main()
