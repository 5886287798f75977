"""A peer: dlt with Arrow tables, merging into DuckDB by key; the newest version of a key stays."""

import json
import resource
import sys
import time

import dlt
import pyarrow as pa
from pyarrow import csv

TYPES = {
    "dossier_code": pa.string(),
    "procedure_code": pa.string(),
    "field_code": pa.string(),
    "channel": pa.int32(),
    "owner_name": pa.string(),
    "commune_code": pa.string(),
    "agency_code": pa.string(),
    "submitted_at": pa.timestamp("us"),
    "due_at": pa.timestamp("us"),
    "status": pa.int32(),
    "fee": pa.int64(),
    "updated_at": pa.timestamp("us"),
}
# Larger than pyarrow's own 1 MiB: dlt has a cost for each table it is handed.
BLOCK_BYTES = 16 << 20


@dlt.resource(
    name="dossier",
    write_disposition={"disposition": "merge", "strategy": "delete-insert"},
    primary_key="dossier_code",
    columns={"updated_at": {"dedup_sort": "desc"}},
)
def dossiers(path):
    with csv.open_csv(
        path,
        read_options=csv.ReadOptions(block_size=BLOCK_BYTES),
        convert_options=csv.ConvertOptions(column_types=TYPES),
    ) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def main(task):
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=task["directory"],
        destination=dlt.destinations.duckdb(task["database"]),
        dataset_name="city",
    )
    start = time.perf_counter()
    cpu = time.process_time()
    pipeline.run(dossiers(task["file"])).raise_on_failed_jobs()
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakBytes": peak, "facts": {}}))


main(json.loads(sys.argv[1]))
