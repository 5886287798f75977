"""A peer: lxml on one core, from documents in memory to their lines' fields. Nothing is checked or stored."""

import json
import resource
import sys
import time
import zipfile
from pathlib import Path

from lxml import etree


def documents_in(directory):
    for path in sorted(Path(directory).glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)


def lines_of(root):
    for line in root.iter("{*}HHDVu"):
        yield {etree.QName(field).localname: field.text for field in line}


def parse(documents):
    lines = 0
    amount = 0
    for document in documents:
        for line in lines_of(etree.fromstring(document)):
            lines += 1
            amount += int(line["ThTien"])
    return {"invoices": str(len(documents)), "lines": str(lines), "amount": str(amount)}


def parse_trees(documents):
    for document in documents:
        etree.fromstring(document)


def main(task):
    documents = list(documents_in(task["directory"]))
    work = parse if task["depth"] == "lines" else parse_trees
    start = time.perf_counter()
    cpu = time.process_time()
    facts = work(documents)
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "peakBytes": peak, "facts": facts or parse(documents)}))


main(json.loads(sys.argv[1]))
