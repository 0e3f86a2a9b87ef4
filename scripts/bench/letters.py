"""Measure the judge of letters on the letters set; `--misses` prints every wrong verdict."""

import argparse
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from letters_claims import objections_to, sentences


def main() -> None:
    """Judge every letter, print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print every wrong verdict")
    arguments = parser.parse_args()
    start = perf_counter()
    verdicts = [(sentence, objections_to(sentence)) for sentence in sentences()]
    milliseconds = (perf_counter() - start) * 1_000 / len(verdicts)
    lies = [found for sentence, found in verdicts if sentence.lie]
    honest = [found for sentence, found in verdicts if not sentence.lie]
    caught, refused = sum(map(bool, lies)), sum(map(bool, honest))
    print(f"lies caught     {caught}/{len(lies)} = {caught / len(lies):.3f}")
    print(f"honest refused  {refused}/{len(honest)} = {refused / len(honest):.3f}")
    print(f"{milliseconds:.0f} ms a letter")
    for sentence, found in verdicts:
        if arguments.misses and bool(found) != sentence.lie:
            said = "; ".join(objection.detail for objection in found) or "passed"
            print(f"{sentence.writer.language} {sentence.text}\n   {said}")


if __name__ == "__main__":
    main()
