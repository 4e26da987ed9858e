"""
What a Distributed Map works on: the items that its ItemReader reads with the machine's permissions, or that its input
has, selected and batched into the inputs of its child executions.
Follows: Step Functions Developer Guide, "ItemReader (Map)", "ItemsPath (Map)", "ItemSelector (Map)", "ItemBatcher
(Map)"; Amazon S3 User Guide, "Amazon S3 Inventory list".
"""

import csv
import gzip
import io
import json

from botocore.exceptions import ClientError, ParamValidationError
from ministack.core.responses import get_region
from ministack.services import s3, stepfunctions
from ministack.services.stepfunctions import _ExecutionError

from .role_sessions import client
from .stepfunctions_tasks import cause_of

READER, WRITER = "States.ItemReaderFailed", "States.ResultWriterFailed"
LARGEST_INPUT = 262_144
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}


def to_json(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Fields:
    """The fields of a Map state as they are when it is entered: constants, paths, or JSONata."""

    def __init__(self, state, data, context):
        self.state, self.context, self.raw = state, context, data
        self.jsonata = stepfunctions._state_query_language(state, context) == "JSONata"
        self.data = data if self.jsonata else stepfunctions._apply_input_path(state, data, context)

    def fill(self, template, item=None):
        context = {**self.context, "Map": {"Item": item}} if item else self.context
        if self.jsonata:
            return stepfunctions._apply_jsonata_template(template, self.raw, context)
        return stepfunctions._resolve_params_obj(template, self.data, context)

    def number(self, name, block=None, least=0, most=float("inf")):
        """A number that the field, or the field with Path behind its name, gives; None where there is neither."""
        block = self.state if block is None else block
        value, path = block.get(name), block.get(f"{name}Path")
        if path:
            value = stepfunctions._resolve_path_or_ctx(path, self.data, self.context)
        elif self.jsonata:
            value = self.fill(value)
        if value is None and not path:
            return None
        if not stepfunctions._is_num(value) or isinstance(value, bool) or not least <= value <= most:
            limits = f"between {least} and {most}" if most != float("inf") else f"of {least} or more"
            raise _ExecutionError("States.Runtime", f"{name}{'Path' if path else ''} must give a number {limits}, but "
                                                    f"gave {to_json(value)}")
        return value


class Store:
    """S3 as the machine's role may use it, with one name for all of its failures."""

    def __init__(self, actor, error):
        self.client, self.error = client("s3", get_region(), *actor), error

    def call(self, name, bucket, **parameters):
        home = s3.bucket_region(bucket or "")
        if home not in (None, get_region()):
            raise _ExecutionError(self.error, f"The bucket {bucket} is in this region: {home}. It must be in the region "
                                              f"of the state machine, {get_region()}")
        try:
            return getattr(self.client, name)(Bucket=bucket, **parameters)
        except ParamValidationError as problem:
            raise _ExecutionError(self.error, str(problem)) from None
        except ClientError as problem:
            raise _ExecutionError(self.error, cause_of(self.client, problem)) from None

    def read(self, bucket, **parameters):
        return self.call("get_object", bucket, **parameters)["Body"].read()

    def listing(self, bucket, most, **parameters):
        token, found = {}, 0
        while True:
            page = self.call("list_objects_v2", bucket, **parameters, **token)
            for entry in page.get("Contents", []):
                if most is not None and found >= most:
                    return
                found += 1
                yield {"Etag": entry["ETag"], "Key": entry["Key"], "LastModified": int(entry["LastModified"].timestamp()),
                       "Size": entry["Size"], "StorageClass": entry.get("StorageClass", "STANDARD")}
            if not page.get("IsTruncated"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}


def _rows(text, headers, delimiter=","):
    """Missing fields are empty, and fields without a header are left out."""
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row)
    headers = next(rows, []) if headers is None else headers
    return [{header: row[place] if place < len(row) else "" for place, header in enumerate(headers)} for row in rows]


def _inventory(store, text):
    """The objects that an inventory lists, in the CSV files that its manifest names."""
    manifest = json.loads(text)
    if manifest["fileFormat"] != "CSV":
        raise ValueError(f"the inventory's format is {manifest['fileFormat']}, and must be CSV")
    bucket, headers = manifest["destinationBucket"].rsplit(":", 1)[-1], manifest["fileSchema"].replace(" ", "").split(",")
    return [row for file in manifest["files"]
            for row in _rows(gzip.decompress(store.read(bucket, Key=file["key"])).decode(), headers)]


def _parsed(store, body, config):
    text = body.decode()
    kind = config.get("InputType", "MANIFEST" if config.get("ManifestType") else "JSON")
    if kind == "MANIFEST" or config.get("ManifestType") == "S3_INVENTORY":
        return _inventory(store, text)
    if kind == "CSV":
        given = config.get("CSVHeaders") if config.get("CSVHeaderLocation") == "GIVEN" else None
        return _rows(text, given, _DELIMITERS[config.get("CSVDelimiter", "COMMA")])
    if kind == "JSONL":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    value = json.loads(text)
    for part in filter(None, config.get("ItemsPointer", "").split("/")):
        part = part.replace("~1", "/").replace("~0", "~")
        value = value[int(part)] if isinstance(value, list) else value[part]
    if not isinstance(value, list):
        raise ValueError("Attempting to map over non-iterable node.")
    return value


def _read(fields, actor):
    reader, store = fields.state["ItemReader"], Store(actor, READER)
    config = reader.get("ReaderConfig", {})
    most = fields.number("MaxItems", config, least=1)
    parameters = dict(fields.fill(reader.get("Arguments" if fields.jsonata else "Parameters", {})))
    bucket = parameters.pop("Bucket", None)
    try:
        if not reader["Resource"].endswith(":listObjectsV2"):
            items = _parsed(store, store.read(bucket, **parameters), config)
        elif config.get("Transformation") == "LOAD_AND_FLATTEN":
            items = [item for entry in store.listing(bucket, None, **parameters)
                     for item in _parsed(store, store.read(bucket, Key=entry["Key"]), config)]
        else:
            items = list(store.listing(bucket, most, **parameters))
    except (ValueError, LookupError, TypeError, EOFError, OSError, csv.Error) as problem:
        raise _ExecutionError(READER, f"{parameters.get('Key', bucket)} cannot be read: {problem}") from None
    return items if most is None else items[:int(most)]


def items_of(fields, actor):
    state = fields.state
    if "ItemReader" in state:
        return _read(fields, actor)
    if fields.jsonata and "Items" in state:
        return stepfunctions._jsonata_state_field(state, "Items", "array", fields.raw, fields.context)
    path = state.get("ItemsPath", "$")
    items = stepfunctions._resolve_path_or_ctx(path, fields.data, fields.context)
    if not isinstance(items, list):
        raise _ExecutionError("States.Runtime", f'Reference path "{path}" must point to array.')
    return items


def _batches(fields, batcher, texts):
    """The inputs of batches, as (JSON, number of items); an item is never split."""
    most = fields.number("MaxItemsPerBatch", batcher, least=1) or float("inf")
    largest = fields.number("MaxInputBytesPerBatch", batcher, least=1, most=LARGEST_INPUT) or LARGEST_INPUT
    given = f'"BatchInput":{to_json(fields.fill(batcher["BatchInput"]))},' if "BatchInput" in batcher else ""
    start = f'{{{given}"Items":['
    batch, size = [], len(start.encode()) + 2
    for text in texts:
        length = len(text.encode()) + 1
        if batch and (len(batch) >= most or size + length - 1 > largest):
            yield f"{start}{','.join(batch)}]}}", len(batch)
            batch, size = [], len(start.encode()) + 2
        batch.append(text)
        size += length
    if batch:
        yield f"{start}{','.join(batch)}]}}", len(batch)


def inputs_of(fields, items):
    """The inputs of the child executions, as (JSON, number of items)."""
    state = fields.state
    selector = state.get("ItemSelector", state.get("Parameters"))
    texts = [to_json(item if selector is None else fields.fill(selector, {"Index": index, "Value": item}))
             for index, item in enumerate(items)]
    inputs = list(_batches(fields, state["ItemBatcher"], texts) if "ItemBatcher" in state else ((t, 1) for t in texts))
    for text, _count in inputs:
        if len(text.encode()) > LARGEST_INPUT:
            raise _ExecutionError("States.DataLimitExceeded", "The input of a child execution exceeds the maximum number "
                                                              f"of bytes service limit, {LARGEST_INPUT}.")
    return inputs
