"""The OpenAPI document is the truth: requests made from it find nothing that it does not say."""

from contract_fuzz import fuzz, operations_of
from server import deployed, state

LEAST_REACHED = 0.9


def test_requests_made_from_the_document_find_it_true() -> None:
    with state() as home, deployed(home, rate_limits="off") as running, running.tenant() as tenant:
        fuzzed = fuzz(running, tenant, examples=4, phases="fuzzing,stateful")
        operations = operations_of(running)

    assert fuzzed.said == ""
    assert fuzzed.broke == {}
    assert fuzzed.statuses.keys() == operations.keys()
    assert len(fuzzed.reached) >= LEAST_REACHED * len(operations), fuzzed.reached
