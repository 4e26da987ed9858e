"""
The results of a Map Run: written to S3 with the machine's permissions, or given to the next state.
Follows: Step Functions Developer Guide, "ResultWriter (Map)".
"""

import json

from ministack.services.stepfunctions import _ExecutionError

from .distributed_map_items import LARGEST_INPUT, WRITER, Store, to_json
from .stepfunctions_redrive import redrive_status

FAILURES = ("FAILED", "TIMED_OUT", "ABORTED")


def _record(child):
    """A child execution as result files have it."""
    status, reason = redrive_status(child)
    entry = {"ExecutionArn": child["executionArn"], "Input": child["input"], "InputDetails": {"Included": True},
             "Name": child["name"], "OutputDetails": {"Included": True}, "RedriveCount": child["redriveCount"],
             "RedriveStatus": status, "StartDate": child["startDate"], "StateMachineArn": child["stateMachineArn"],
             "Status": child["status"], "StopDate": child["stopDate"]}
    more = {"RedriveStatusReason": reason, "Error": child.get("error"), "Cause": child.get("cause"),
            "Output": child["output"] if child["status"] == "SUCCEEDED" else None}
    return dict(sorted((entry | {key: value for key, value in more.items() if value is not None}).items()))


def _results(children, transformation):
    """The results of children as a ResultWriter transforms them; those of failures stay as they are."""
    for child in children:
        if transformation == "NONE" or child["status"] != "SUCCEEDED":
            yield _record(child)
            continue
        output = json.loads(child["output"])
        yield from output if transformation == "FLATTEN" and isinstance(output, list) else [output]


def export(run, fields, actor):
    """Writes the results of children by status, and a manifest of all files; answers where that is."""
    writer, store = fields.state["ResultWriter"], Store(actor, WRITER)
    config = writer.get("WriterConfig", {})
    parameters = dict(fields.fill(writer.get("Arguments" if fields.jsonata else "Parameters", {})))
    bucket, prefix = parameters.pop("Bucket", None), str(parameters.pop("Prefix", "")).rstrip("/")
    redriven = f"Redrive-{run.view['redriveCount']}" if run.view["redriveCount"] else ""
    folder = "/".join(filter(None, (prefix, run.id, redriven)))
    children = [child for child in run.children if child]
    done = [child for child in children if child["status"] == "SUCCEEDED" and not child.get("_written")]
    failed = [child for child in children if child["status"] in FAILURES]
    pending = [{"Input": text, "InputDetails": {"Included": True}, "Status": "PENDING"}
               for child, (text, _items) in zip(run.children, run.inputs) if child is None]
    transformation, as_lines = config.get("Transformation", "NONE"), config.get("OutputType") == "JSONL"
    files = {"FAILED": [], "PENDING": [], "SUCCEEDED": run.files}
    for status, members, entries in (("SUCCEEDED", done, _results(done, transformation)), ("PENDING", [], pending),
                                     ("FAILED", failed, _results(failed, transformation))):
        lines = [to_json(entry) for entry in entries]
        if lines:
            body = ("\n".join(lines) if as_lines else f"[{','.join(lines)}]").encode()
            key = f"{folder}/{status}_0.json{'l' if as_lines else ''}"
            store.call("put_object", bucket, Key=key, Body=body, **parameters)
            files[status].append({"Key": key, "Size": len(body)})
        for child in members:
            child["_written"] = True
    manifest = {"DestinationBucket": bucket, "MapRunArn": run.view["mapRunArn"], "ResultFiles": files}
    key = f"{folder}/manifest.json"
    store.call("put_object", bucket, Key=key, Body=to_json(manifest).encode(), **parameters)
    return {"MapRunArn": run.view["mapRunArn"], "ResultWriterDetails": {"Bucket": bucket, "Key": key}}


def collect(run, fields):
    """The results of the children that succeeded, where they are not exported."""
    config = fields.state.get("ResultWriter", {}).get("WriterConfig", {})
    done = (child for child in run.children if child["status"] == "SUCCEEDED")
    results = list(_results(done, config.get("Transformation", "COMPACT")))
    if len(to_json(results).encode()) > LARGEST_INPUT:
        raise _ExecutionError("States.DataLimitExceeded", f"The state/task '{fields.context['State']['Name']}' "
                              "returned a result with a size exceeding the maximum number of bytes service limit.")
    return results
