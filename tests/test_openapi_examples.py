"""The OpenAPI document is valid, and its examples work, as they stand, on a running server."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.http.openapi_examples import REQUESTS, answers
from contract_fuzz import operations_of
from openapi_calls import NO_JSON, Called, calls, shape_of
from server import Deployment

Document = dict[str, Any]


@pytest.fixture(scope="module")
def document(deployment: Deployment) -> Document:
    told: Document = deployment.http.get("/openapi.json").json()
    return told


@pytest.fixture(scope="module")
def called(deployment: Deployment) -> Iterator[list[Called]]:
    with deployment.tenant() as tenant:
        yield list(calls(deployment, tenant))


def test_the_document_is_openapi_3_1(document: Document) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_operation_has_an_example_answer(deployment: Deployment) -> None:
    assert answers().keys() == operations_of(deployment).keys() - NO_JSON


def test_every_operation_that_takes_json_has_an_example_body(document: Document) -> None:
    bodies = {
        operation["operationId"]
        for path, operations in document["paths"].items()
        for operation in operations.values()
        if path.startswith("/api/v1/")
        and "application/json" in operation.get("requestBody", {}).get("content", {})
    }

    assert bodies == REQUESTS.keys()


def test_every_example_body_is_taken(called: list[Called]) -> None:
    refused = {(name, told): answer.text for name, told, answer in called if not answer.is_success}

    assert refused == {}


def test_answers_fit_what_the_document_says_of_them(
    document: Document, called: list[Called]
) -> None:
    for name, told, answer in called:
        response = _operation(document, name)["responses"][str(answer.status_code)]
        if name in NO_JSON:
            assert answer.headers["content-type"] in response["content"], name
        else:
            schema = response["content"]["application/json"]["schema"]
            wrong = [error.message for error in _fits(document, schema, answer.json())]
            assert wrong == [], (name, told)


def test_example_answers_fit_their_schemas_and_have_the_members_of_real_ones(
    document: Document, called: list[Called]
) -> None:
    seen = set(NO_JSON)
    for name, _, answer in called:
        if name not in seen:
            seen.add(name)
            content = _operation(document, name)["responses"][str(answer.status_code)]["content"]
            shown = content["application/json"]
            assert list(_fits(document, shown["schema"], shown["example"])) == [], name
            assert shape_of(shown["example"]) == shape_of(answer.json()), name


def _operation(document: Document, name: str) -> Document:
    return next(
        operation
        for operations in document["paths"].values()
        for operation in operations.values()
        if operation["operationId"] == name
    )


def _fits(document: Document, schema: Document, value: object) -> Iterator[Any]:
    whole = {**schema, "components": document["components"]}
    return Draft202012Validator(whole).iter_errors(value)
