"""The OpenAPI document is valid, and what it shows as an example works as it is shown."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from browsing import Street
from openapi_world import People, Programs, send
from server import Deployment

Operation = tuple[str, str, str, dict[str, Any]]

ENDLESS: Final = {"stream_events"}
WITHOUT_JSON: Final = {"pdf", "download_generation", "generate"}


@pytest.fixture(scope="module")
def document(deployment: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = deployment.http.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    """Yield id, method, path and description of every operation that ends."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["operationId"] not in ENDLESS:
                yield operation["operationId"], method, path, operation


def success_of(operation: dict[str, Any]) -> str:
    """Return the first status that is no refusal."""
    return str(min(operation["responses"]))


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


def shown(content: dict[str, Any]) -> list[Any]:
    """Return the examples of a body."""
    named = [example["value"] for example in content.get("examples", {}).values()]
    return [*named, content["example"]] if "example" in content else named


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    errors: list[object] = list(OpenAPIV31SpecValidator(document).iter_errors())

    assert errors == []


def test_every_example_fits_its_schema(document: dict[str, Any]) -> None:
    count = 0
    for name, _, _, operation in operations(document):
        bodies = [
            operation.get("requestBody", {}),
            *operation["responses"].values(),
        ]
        for body in bodies:
            for kind, content in body.get("content", {}).items():
                for example in shown(content):
                    count += 1
                    found = validator(document, content["schema"]).iter_errors(example)
                    assert [error.message for error in found] == [], (name, kind, example)
    assert count > 500


def test_every_operation_shows_what_it_takes_and_answers(document: dict[str, Any]) -> None:
    for name, _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            if "application/json" in content and status != "202":
                assert shown(content["application/json"]), (name, status)
        taken = operation.get("requestBody", {}).get("content", {})
        assert "application/json" not in taken or shown(taken["application/json"]), name


def test_every_error_of_people_is_told_by_its_code(document: dict[str, Any]) -> None:
    for name, method, path, operation in operations(document):
        if path.startswith(("/api/auth/", "/api/keys")):
            responses = operation["responses"]
            assert "default" not in responses, name
            assert {"429", "500", "503"} <= responses.keys(), name
            assert method == "get" or {"400", "401", "403", "415"} & responses.keys(), name
            for status, response in responses.items():
                assert int(status) < 400 or "`" in response["description"], (name, status)
                assert "X-Request-Id" in response["headers"], (name, status)


def test_what_can_be_repeated_says_so(document: dict[str, Any]) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    found = {
        name
        for name, _, path, operation in operations(document)
        if key in operation.get("parameters", ()) and not path.startswith(("/api/v1/", "/v1/"))
    }

    assert len(found) == 18
    assert {"post_keys", "post_auth_sign_up_email", "post_auth_organization_leave"} <= found
    assert not found & {"post_auth_sign_in_email", "post_auth_change_password"}


def test_every_request_that_is_shown_is_answered_as_it_is_shown(
    deployment: Deployment, street: Street, document: dict[str, Any]
) -> None:
    people = People(street)
    with deployment.tenant() as tenant, deployment.tenant() as configuring:
        programs = Programs(tenant, configuring)
        for name, method, path, operation in operations(document):
            who = programs if path.startswith(("/api/v1/", "/v1/")) else people
            content = operation.get("requestBody", {}).get("content", {})
            request = content.get("application/json", {}).get("example")

            answer = send(who.setting(name), method, path, request)

            wanted = success_of(operation)
            assert str(answer.status_code) == wanted, (name, answer.text)
            told = operation["responses"][wanted].get("content", {})
            if told and name not in WITHOUT_JSON:
                checked = validator(document, told["application/json"]["schema"])
                found = [error.message for error in checked.iter_errors(answer.json())]
                assert found == [], (name, answer.text)
