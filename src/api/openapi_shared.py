"""What operations of the OpenAPI document have in common: written once, under `components`, and referred to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from api.errors import PROBLEM_MEDIA_TYPE
from api.openapi_examples import JsonObject

_JSON = "application/json"
_PROBLEM = PROBLEM_MEDIA_TYPE.partition(";")[0]
_Named: TypeAlias = tuple[str, JsonObject]


def shared(document: JsonObject) -> JsonObject:
    """The same document, shorter: equal parameters, answers, and examples of refusals are there once.

    Of different ones with the same name, the most frequent is shared; the others stay where they are.
    """
    operations = [entry for path in document["paths"].values() for entry in path.values()]
    examples = _Shelf("examples", (named for each in _answers(operations) for named in _examples(each)))
    for operation in operations:
        operation["responses"] = {
            status: _with_examples(answer, examples) for status, answer in operation["responses"].items()
        }
    parameters = _Shelf("parameters", ((f"{each['in']}.{each['name']}", each) for each in _parameters(operations)))
    responses = _Shelf("responses", ((_kind_of(each), each) for each in _answers(operations)))
    for operation in operations:
        operation["parameters"] = [parameters.of(each) for each in operation["parameters"]]
        operation["responses"] = {status: responses.of(each) for status, each in operation["responses"].items()}
    kept = {each.kind: each.parts for each in (parameters, responses, examples)}
    return document | {"components": document["components"] | kept}


class _Shelf:
    """Parts of one kind that occur more than once, by name."""

    def __init__(self, kind: str, named: Iterable[_Named]) -> None:
        self.kind = kind
        self.parts: JsonObject = {}
        self._references: dict[bytes, JsonObject] = {}
        counts = Counter((name, msgspec.json.encode(part)) for name, part in named)
        for (name, encoded), count in counts.most_common():
            if count > 1 and name not in self.parts:
                self.parts[name] = msgspec.json.decode(encoded)
                self._references[encoded] = {"$ref": f"#/components/{kind}/{name}"}

    def of(self, part: JsonObject) -> JsonObject:
        """A reference to the part, where it is here."""
        return self._references.get(msgspec.json.encode(part), part)


def _parameters(operations: list[JsonObject]) -> Iterator[JsonObject]:
    return (each for operation in operations for each in operation["parameters"])


def _answers(operations: list[JsonObject]) -> Iterator[JsonObject]:
    return (each for operation in operations for each in operation["responses"].values())


def _kind_of(answer: JsonObject) -> str:
    """The codes of a refusal; else the view that is shown."""
    content = answer.get("content", {})
    if _PROBLEM in content:
        return "-or-".join(content[_PROBLEM]["examples"])
    schema: JsonObject = content.get(_JSON, {}).get("schema", {})
    return str(schema.get("$ref", "Done")).rpartition("/")[2]


def _examples(answer: JsonObject) -> Iterator[_Named]:
    for content in answer.get("content", {}).values():
        yield from content.get("examples", {}).items()


def _with_examples(answer: JsonObject, kept: _Shelf) -> JsonObject:
    if not any(_examples(answer)):
        return answer
    content = {
        media_type: each | {"examples": {name: kept.of(example) for name, example in each["examples"].items()}}
        for media_type, each in answer["content"].items()
    }
    return answer | {"content": content}
