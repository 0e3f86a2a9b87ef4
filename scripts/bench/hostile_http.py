"""Let a hostile model, hostile postings and hostile resumes try everything over HTTP.

    .venv/bin/python scripts/bench/hostile_http.py [--providers openai ...] [--lies-a-round 5]

A real `refolio serve`, a stand-in on loopback in the shape of each provider, every strategy.
Printed are attacks, changed facts (must be none), honest edits that landed, and where a secret
was told (must be nowhere): in an answer, a table, an opened event, a log, or a request to a model.
"""

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from disclosure import told_in_clear, told_with_the_key  # noqa: E402 - found through the line above
from hostile_world import (  # noqa: E402
    CANARY,
    ENVIRONMENT,
    Tally,
    attack,
    canaries_in,
    letters,
    obeying,
    parsing,
    poisoned,
    use,
    without_key_header,
)
from llm_roles import attacks  # noqa: E402
from llm_standin import PROVIDERS, StandIn  # noqa: E402
from server import Deployment, Tenant, deployed, state  # noqa: E402

STRATEGIES = ("nudge", "keywords", "full")


def main() -> None:
    """Attack, print, and fail when anything got through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--providers", nargs="+", default=PROVIDERS, choices=PROVIDERS)
    parser.add_argument("--lies-a-round", type=int, default=5)
    arguments = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    failed = False
    print(f"{'provider':18}{'strategy':10}{'attacks':>9}{'changed':>9}{'honest':>10}{'s':>7}")
    with state() as home, deployed(home, rate_limits="off") as running:
        for provider in arguments.providers:
            standin = StandIn()
            with running.tenant() as tenant:
                source_id = _source(tenant)
                use(tenant, standin, provider)
                for strategy in STRATEGIES:
                    started = perf_counter()
                    tally = attack(
                        tenant, standin, source_id, strategy, lies_a_round=arguments.lies_a_round
                    )
                    failed |= _reported(provider, strategy, tally, perf_counter() - started)
                standin.script = obeying(attacks())
                more = _joined(letters(tenant, source_id), parsing(tenant))
                more = _joined(more, parsing(tenant, "hidden_text.pdf"))
                failed |= _reported(provider, "letters…", more, 0)
                failed |= _leaks(f"requests to {provider}", map(without_key_header, standin.asked))
            standin.close()
        failed |= _database(running)
        serving = running.serving
        failed |= _leaks("logs", [serving.said, serving.complained])
    sys.exit(failed)


def _source(tenant: Tenant) -> str:
    source_id = tenant.parsed()
    tenant.edit(source_id, structured_data=poisoned())
    return source_id


def _joined(one: Tally, other: Tally) -> Tally:
    return Tally(
        attacks=one.attacks + other.attacks,
        requests=one.requests + other.requests,
        applied=one.applied + other.applied,
        answers=one.answers + other.answers,
    )


def _reported(provider: str, strategy: str, tally: Tally, seconds: float) -> bool:
    honest = f"{tally.honest_landed}/{tally.honest_wanted}"
    changed = len(tally.applied)
    print(f"{provider:18}{strategy:10}{tally.attacks:9}{changed:9}{honest:>10}{seconds:7.1f}")
    for text in tally.applied:
        print("   ", text[:160])
    leaked = _leaks("answers", tally.answers)
    return changed > 0 or tally.honest_landed != tally.honest_wanted or leaked


def _leaks(where: str, texts: object) -> bool:
    told = canaries_in(texts)  # type: ignore[arg-type]
    if told:
        print(f"{where} tell {sorted(told)}")
    return bool(told)


def _database(running: Deployment) -> bool:
    secrets = [CANARY, *ENVIRONMENT.values()]
    with running.core.connect() as connection:
        clear = told_in_clear(connection, secrets)
        opened = told_with_the_key(connection, running.core.vault, ENVIRONMENT.values())
        events = connection.execute("SELECT count(*) FROM events").fetchone()
    print(f"{events[0] if events else 0} events: secrets in clear {clear or 'nowhere'};", end=" ")
    print(f"the environment's with the master key {sorted(opened) or 'nowhere'}")
    return bool(clear or opened)


if __name__ == "__main__":
    main()
