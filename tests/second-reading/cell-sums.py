"""Reads the cells of PX and JSON-stat files a second time; prints {file: [cells with a number, their sum]} as JSON."""

import json
import re
import sys
from decimal import Decimal


def px_cells(text):
    data = re.search(r"^DATA\s*=", text, re.M)
    for token in re.findall(r'"[^"]*"|[^\s;,]+', text[data.end():]):
        if token == '"-"':
            yield Decimal(0)
        elif not token.startswith('"'):
            yield Decimal(token)


def json_stat_cells(text):
    document = json.loads(text.rstrip("\0"), parse_float=Decimal)
    values = document.get("dataset", document)["value"]
    for value in values.values() if isinstance(values, dict) else values:
        if value is not None:
            yield Decimal(value)


found = {}
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        text = file.read().decode("latin-1" if path.endswith(".px") else "utf-8")
    cells = list((px_cells if path.endswith(".px") else json_stat_cells)(text))
    found[path] = [len(cells), str(sum(cells, Decimal(0)))]
print(json.dumps(found))
