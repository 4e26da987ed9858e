"""
Adds: definitions with a Distributed Map that AWS refuses are refused, and so are two sources that AWS reads and the
local cloud does not: Parquet, and manifests of Athena.
Follows: Step Functions Developer Guide, "Using Map state in Distributed mode" and the pages of its fields.
Delete when: the emulator validates definitions.
"""

import json
import re

from ministack.services import stepfunctions

from .wire import AwsError, before

_LIMITS = {"MaxConcurrency": (0, None), "ToleratedFailureCount": (0, None), "ToleratedFailurePercentage": (0, 100),
           "MaxItems": (1, 100_000_000), "MaxItemsPerBatch": (1, None), "MaxInputBytesPerBatch": (1, 262_144)}
_CHOICES = {"ExecutionType": ("STANDARD", "EXPRESS"), "InputType": ("CSV", "JSON", "JSONL", "MANIFEST"),
            "CSVHeaderLocation": ("FIRST_ROW", "GIVEN"), "ManifestType": ("S3_INVENTORY",),
            "CSVDelimiter": ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"), "OutputType": ("JSON", "JSONL"),
            "Transformation": ("NONE", "COMPACT", "FLATTEN", "LOAD_AND_FLATTEN")}
_RESOURCES = {"ItemReader": ("arn:aws:states:::s3:listObjectsV2", "arn:aws:states:::s3:getObject"),
              "ResultWriter": ("arn:aws:states:::s3:putObject",)}
_DISTRIBUTED_ONLY = re.compile("ItemReader|ItemBatcher|ResultWriter|Label|ToleratedFailure.*")
_LABEL = re.compile(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,40}")


def _field_faults(block, path):
    for name, (least, most) in _LIMITS.items():
        value = block.get(name)
        if name in block and f"{name}Path" in block:
            yield f"{path}/{name}Path", f"{name} and {name}Path cannot be used together"
        # Text is JSONata, whose value shows when the state is entered.
        if isinstance(value, (int, float)) and (value < least or most is not None and value > most):
            yield f"{path}/{name}", f"Value must be at least {least}" + (f" and at most {most}" if most else "")
    for name, choices in _CHOICES.items():
        if name in block and block[name] not in choices:
            yield f"{path}/{name}", f"Value must be one of {', '.join(choices)}"


def _distributed_faults(state, config, path, kind, labels):
    label, batcher = state.get("Label"), state.get("ItemBatcher")
    csv = state.get("ItemReader", {}).get("ReaderConfig", {})
    rules = (
        ("ItemProcessor", kind == "EXPRESS", "DISTRIBUTED mode is not supported in EXPRESS state machines"),
        ("ItemProcessor", "ExecutionType" not in config, "ExecutionType is required in DISTRIBUTED mode"),
        ("Label", label is not None and (label in labels or not _LABEL.fullmatch(label)),
         "A label has 1 to 40 characters, none of them special, and is unique in the state machine"),
        ("ItemBatcher", batcher is not None and not any(name.startswith("Max") for name in batcher),
         "MaxItemsPerBatch or MaxInputBytesPerBatch is required"),
        ("ItemReader", (csv.get("CSVHeaderLocation") == "GIVEN") != ("CSVHeaders" in csv),
         "CSVHeaders are given exactly where CSVHeaderLocation is GIVEN"),
        ("ItemReader", csv.get("InputType") == "CSV" and "CSVHeaderLocation" not in csv,
         "CSVHeaderLocation is required for CSV"),
    )
    yield from ((f"{path}/{name}", text) for name, broken, text in rules if broken)
    labels.add(label)
    for name, resources in _RESOURCES.items():
        # Results that are not written may be transformed.
        if name in state and state[name].get("Resource") not in (
                *resources, *([None] if "WriterConfig" in state[name] else [])):
            yield f"{path}/{name}/Resource", f"Value must be one of {', '.join(resources)}"
    for place in ("ItemBatcher", "ItemReader/ReaderConfig", "ResultWriter/WriterConfig"):
        outer, _, inner = place.partition("/")
        block = state.get(outer, {})
        yield from _field_faults(block.get(inner, {}) if inner else block, f"{path}/{place}")
    yield from _field_faults(config, f"{path}/ItemProcessor/ProcessorConfig")


def _faults(machine, path, kind, labels):
    for name, state in machine.get("States", {}).items():
        at, processor = f"{path}/States/{name}", state.get("ItemProcessor") or state.get("Iterator") or {}
        config, children = processor.get("ProcessorConfig", {}), kind
        if config.get("Mode") == "DISTRIBUTED":
            yield from _distributed_faults(state, config, at, kind, labels)
            children = config.get("ExecutionType")
        elif state.get("Type") == "Map":
            yield from ((f"{at}/{field}", f"{field} is supported in DISTRIBUTED mode only")
                        for field in state if _DISTRIBUTED_ONLY.fullmatch(field))
        yield from _field_faults(state, at)
        yield from _faults(processor, f"{at}/ItemProcessor", children, labels)
        for place, branch in enumerate(state.get("Branches", [])):
            yield from _faults(branch, f"{at}/Branches[{place}]", kind, labels)


@before("states", "CreateStateMachine", "UpdateStateMachine")
def _check_definition(request):
    try:
        definition = json.loads(request.get("definition", "{}"))
    except ValueError as problem:
        raise AwsError("InvalidDefinition", "Invalid State Machine Definition: "
                                            f"'INVALID_JSON_DESCRIPTION: {problem}'") from None
    existing = stepfunctions._state_machines.get(request.get("stateMachineArn")) or {}
    kind = request.get("type", existing.get("type", "STANDARD"))
    faults = [f"SCHEMA_VALIDATION_FAILED: {fault} at {path}" for path, fault in _faults(definition, "", kind, set())]
    if faults:
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{', '.join(faults)}'")
