"""Counts a wide CSV file of days a second time; prints rows with a number, their sum, provinces and days as JSON."""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    header, *rows = csv.reader(file)
cells = [(row[0], header[at], float(cell)) for row in rows for at, cell in enumerate(row) if at > 0 and cell != ""]
print(
    json.dumps(
        {
            "rows": len(cells),
            "sum": int(sum(value for _, _, value in cells)),
            "provinces": len({province for province, _, _ in cells}),
            "days": len({day for _, day, _ in cells}),
        }
    )
)
