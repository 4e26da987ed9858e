"""
Adds: definitions with a Distributed Map that AWS refuses are refused.
Follows: Step Functions Developer Guide, "Using Map state in Distributed mode" and the pages of its fields.
Delete when: the emulator validates definitions.
"""

import json
import re

from ministack.services import stepfunctions

from .wire import AwsError, before

_LIMITS = {"MaxConcurrency": (0, None), "ToleratedFailureCount": (0, None), "ToleratedFailurePercentage": (0, 100),
           "MaxItems": (1, 100_000_000), "MaxItemsPerBatch": (1, None), "MaxInputBytesPerBatch": (1, 262_144)}
_DISTRIBUTED_ONLY = ("ItemReader", "ItemBatcher", "ResultWriter", "Label", "ToleratedFailureCount",
                     "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
_CHOICES = {"ExecutionType": ("STANDARD", "EXPRESS"), "InputType": ("CSV", "JSON", "JSONL", "MANIFEST"),
            "CSVHeaderLocation": ("FIRST_ROW", "GIVEN"), "ManifestType": ("S3_INVENTORY",),
            "CSVDelimiter": ("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"), "OutputType": ("JSON", "JSONL"),
            "Transformation": ("NONE", "COMPACT", "FLATTEN", "LOAD_AND_FLATTEN")}
_READERS = ("arn:aws:states:::s3:listObjectsV2", "arn:aws:states:::s3:getObject")


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
            yield f"{path}/{name}", f"Value is not valid here: it must be one of {', '.join(choices)}"


def _part_faults(state, path):
    reader, writer, batcher = (state.get(name) for name in ("ItemReader", "ResultWriter", "ItemBatcher"))
    if reader is not None:
        config = reader.get("ReaderConfig", {})
        if reader.get("Resource") not in _READERS:
            yield f"{path}/ItemReader/Resource", f"Value must be one of {', '.join(_READERS)}"
        if (config.get("CSVHeaderLocation") == "GIVEN") != ("CSVHeaders" in config):
            yield f"{path}/ItemReader/ReaderConfig", "CSVHeaders are given exactly where CSVHeaderLocation is GIVEN"
        if config.get("InputType") == "CSV" and "CSVHeaderLocation" not in config:
            yield f"{path}/ItemReader/ReaderConfig", "CSVHeaderLocation is required for CSV"
        yield from _field_faults(config, f"{path}/ItemReader/ReaderConfig")
    if writer is not None:
        if "Resource" not in writer and "WriterConfig" not in writer:
            yield f"{path}/ResultWriter", "Resource or WriterConfig is required"
        if writer.get("Resource", "arn:aws:states:::s3:putObject") != "arn:aws:states:::s3:putObject":
            yield f"{path}/ResultWriter/Resource", "Value must be arn:aws:states:::s3:putObject"
        yield from _field_faults(writer.get("WriterConfig", {}), f"{path}/ResultWriter/WriterConfig")
    if batcher is not None:
        if not any(name.startswith("Max") for name in batcher):
            yield f"{path}/ItemBatcher", "MaxItemsPerBatch or MaxInputBytesPerBatch is required"
        yield from _field_faults(batcher, f"{path}/ItemBatcher")


def _map_faults(state, path, kind, labels):
    processor = state.get("ItemProcessor") or state.get("Iterator") or {}
    config = processor.get("ProcessorConfig", {})
    yield from _field_faults(state, path)
    if config.get("Mode") != "DISTRIBUTED":
        yield from ((f"{path}/{name}", f"{name} is supported in DISTRIBUTED mode only")
                    for name in _DISTRIBUTED_ONLY if name in state)
        return
    if kind == "EXPRESS":
        yield f"{path}/ItemProcessor/ProcessorConfig", "DISTRIBUTED mode is not supported in EXPRESS state machines"
    if "ExecutionType" not in config:
        yield f"{path}/ItemProcessor/ProcessorConfig", "ExecutionType is required in DISTRIBUTED mode"
    label = state.get("Label")
    if label is not None and (not re.fullmatch(r"[^\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f]{1,40}", label)
                              or label in labels):
        yield f"{path}/Label", "A label has 1 to 40 characters, none of them special, and is unique in the state machine"
    labels.add(label)
    yield from _field_faults(config, f"{path}/ItemProcessor/ProcessorConfig")
    yield from _part_faults(state, path)


def _faults(machine, path, kind, labels):
    for name, state in machine.get("States", {}).items():
        at, processor = f"{path}/States/{name}", state.get("ItemProcessor") or state.get("Iterator") or {}
        if state.get("Type") == "Map":
            yield from _map_faults(state, at, kind, labels)
            inner = processor.get("ProcessorConfig", {})
            inner = inner.get("ExecutionType") if inner.get("Mode") == "DISTRIBUTED" else kind
            yield from _faults(processor, f"{at}/ItemProcessor", inner, labels)
        for place, branch in enumerate(state.get("Branches", [])):
            yield from _faults(branch, f"{at}/Branches[{place}]", kind, labels)


@before("states", "CreateStateMachine", "UpdateStateMachine")
def _check_definition(request):
    try:
        definition = json.loads(request.get("definition", "{}"))
    except ValueError:
        return
    existing = stepfunctions._state_machines.get(request.get("stateMachineArn")) or {}
    kind = request.get("type", existing.get("type", "STANDARD"))
    faults = [f"SCHEMA_VALIDATION_FAILED: {fault} at {path}" for path, fault in _faults(definition, "", kind, set())]
    if faults:
        raise AwsError("InvalidDefinition", f"Invalid State Machine Definition: '{', '.join(faults)}'")
