"""Measure the gate on the truth set: first contact, today, and mechanical lies.

`--misses` prints every lie that passed and every honest edit that was refused.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from tailoring_truth import (
    Tally,
    batches,
    first_contacts,
    mutations,
    people,
    samples,
    tally,
    verdict_of,
    verdict_on,
)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print every wrong verdict")
    parser.add_argument("--batch", help="this batch alone, without the mechanical lies")
    arguments = parser.parse_args()
    names = [arguments.batch] if arguments.batch else batches()
    start = perf_counter()
    totals = [0, 0, 0, 0]
    for name in names:
        today = tally(name)
        _print_batch(name, today)
        counts = (today.lies, today.caught, today.honest, today.refused)
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        if arguments.misses:
            _print_misses(name)
    print(f"all        today         {_figures(Tally(*totals))}")
    milliseconds = (perf_counter() - start) * 1_000 / (totals[0] + totals[2])
    print(f"{milliseconds:.0f} ms an edit, each on a case of its own")
    if not arguments.batch:
        _print_mutations(misses=arguments.misses)


def _print_batch(name: str, today: Tally) -> None:
    first = first_contacts().get(name)
    if first is not None:
        print(f"batch {name:4} first contact {_figures(Tally(**first))}")
    print(f"batch {name:4} today         {_figures(today)}")


def _figures(found: Tally) -> str:
    return (
        f"recall {found.recall:.3f} ({found.caught}/{found.lies})  "
        f"precision {found.precision:.3f}  "
        f"honest refused {found.refusal_rate:.3f} ({found.refused}/{found.honest})"
    )


def _print_misses(batch: str) -> None:
    for sample in samples(batch):
        verdict = verdict_on(sample)
        if verdict.accepted == sample.lie:
            what = "PASSED" if sample.lie else f"REFUSED {verdict.refusal}: {verdict.detail}"
            texts = {"old": verdict.edit.original, "new": sample.text}
            print(f"  {sample.person.name} {sample.path} {sample.kind} {what}\n    {texts}")


def _print_mutations(*, misses: bool) -> None:
    done, caught = Counter[str](), Counter[str]()
    for person in people():
        for kind, edit in mutations(person):
            done[kind] += 1
            refused = not verdict_of(person, edit).accepted
            caught[kind] += refused
            if misses and not refused:
                print(
                    f"  PASSED {kind} {person.name} {edit.path}: {edit.original} -> {edit.value}"
                )
    rate = caught.total() / done.total()
    parts = ", ".join(f"{kind} {caught[kind]}/{count}" for kind, count in done.items())
    print(f"mechanical lies caught {rate:.4f} ({caught.total()}/{done.total()}): {parts}")


if __name__ == "__main__":
    main()
