import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from commands.tailoring.lexicon import lexicon
from commands.tailoring.tongue import stem, words

THREADS = 8


@contextmanager
def switching_often() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def test_tailorings_side_by_side_stem_as_one_alone_does() -> None:
    everything = sorted({word for name in lexicon().concepts for word in words(name)})
    alone = [stem.__wrapped__(word, "es") for word in everything]

    with switching_often(), ThreadPoolExecutor(THREADS) as threads:
        beside = list(
            threads.map(
                lambda _: [stem.__wrapped__(word, "es") for word in everything], range(THREADS)
            )
        )

    assert [answers for answers in beside if answers != alone] == []
