"""
Policy documents as IAM's simulator reports on them: their statements, where each of them stands in the text, and the
condition keys that it names.
Follows: IAM API Reference, Statement and Position. Positions are those of AWS's parser: a statement starts after the
bracket or statement before it, and ends after its own last brace; lines and columns count from one.
"""

import json
from dataclasses import dataclass

from ministack.core.iam_evaluator import ParsedStatement, _action_matches, _resource_matches, parse_policy_document

from .wire import AwsError


_SPACE = " \t\r\n"


@dataclass
class Statement:
    parsed: ParsedStatement
    policy_id: str
    policy_type: str
    start: dict
    end: dict

    def applies(self, action, resource):
        """Whether the statement is about an action on a resource, whatever its conditions."""
        return (_action_matches(action, self.parsed.actions, self.parsed.not_actions)
                and _resource_matches(resource, self.parsed.resources, self.parsed.not_resources))

    def condition_keys(self):
        return [key for block in self.parsed.conditions.values() if isinstance(block, dict) for key in block]


def _skip(text, index):
    while index < len(text) and text[index] in _SPACE:
        index += 1
    return index


def _statement_value(text):
    """Where the value of the document's Statement begins."""
    decoder, index = json.JSONDecoder(), _skip(text, 0) + 1
    while True:
        index = _skip(text, index)
        key, index = decoder.raw_decode(text, index)
        index = _skip(text, _skip(text, index) + 1)
        if key == "Statement":
            return index
        _, index = decoder.raw_decode(text, index)
        index = _skip(text, index) + 1


def _spans(text):
    """Start and end of each statement, as indices into the text."""
    decoder, index = json.JSONDecoder(), _statement_value(text)
    if text[index] != "[":
        return [(index + 1, decoder.raw_decode(text, index)[1])]
    spans, index = [], index + 1
    while text[first := _skip(text, index)] != "]":
        _, end = decoder.raw_decode(text, first)
        spans.append((index, end))
        index = _skip(text, end)
        index += text[index] == ","
    return spans


def _position(text, index):
    return {"Line": text.count("\n", 0, index) + 1, "Column": index - text.rfind("\n", 0, index)}


def statements_of(document, policy_id, policy_type="none"):
    """The statements of a policy, which is text or an object; what is no policy is refused."""
    text = document if isinstance(document, str) else json.dumps(document, indent=4)
    try:
        parsed = parse_policy_document(json.loads(text))
        spans = _spans(text) if parsed else []
    except (ValueError, IndexError):
        parsed, spans = [], []
    if not parsed or len(parsed) != len(spans):
        raise AwsError("InvalidInput", f"The policy {policy_id} is not a valid policy document.")
    return [Statement(statement, policy_id, policy_type, _position(text, start), _position(text, end))
            for statement, (start, end) in zip(parsed, spans)]
