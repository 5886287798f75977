"""A peer: dlt's REST source with paging by offset, into DuckDB."""

import json
import resource
import sys
import time

import dlt
from dlt.sources.rest_api import rest_api_source


def source_of(task):
    return rest_api_source(
        {
            "client": {
                "base_url": task["url"],
                "paginator": {"type": "offset", "limit": task["pageSize"], "total_path": "total"},
            },
            "resources": [
                {
                    "name": "record",
                    "primary_key": "report_id",
                    "write_disposition": "merge",
                    "endpoint": {"path": "records", "data_selector": "items"},
                }
            ],
        }
    )


def main(task):
    pipeline = dlt.pipeline(
        pipeline_name="bench",
        pipelines_dir=task["directory"],
        destination=dlt.destinations.duckdb(task["database"]),
        dataset_name="city",
    )
    start = time.perf_counter()
    cpu = time.process_time()
    pipeline.run(source_of(task)).raise_on_failed_jobs()
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakBytes": peak, "facts": {}}))


main(json.loads(sys.argv[1]))
