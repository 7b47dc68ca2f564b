import csv
import json
import math
import os
import re

csv.field_size_limit(2**31 - 1)

MISSING = {"", "-", "na", "n/a", "#n/a", "nan", "null", "none"}
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
TABLE_ENDINGS = (".csv", ".tsv", ".tab", ".psv", ".txt", ".json", ".jsonl", ".ndjson")


def is_missing(cell):
    return cell.strip().lower() in MISSING


class Table:
    """Rows of text cells. They are read anew for each pass, so a large file is never whole in memory."""

    def __init__(self, path):
        self.path = path
        self.delimiter = None
        with open(path, "rb") as handle:
            start = handle.read(65536)
        self.encoding = "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        self.is_binary = self.encoding == "utf-8-sig" and b"\0" in start[:4096]
        if path.lower().endswith((".json", ".jsonl", ".ndjson")):
            self.records = load_records(path, self.encoding)
            self.header = list(dict.fromkeys(name for record in self.records for name in record))
        else:
            self.records = None
            self.delimiter = find_delimiter(start.decode(self.encoding, "replace"), path)
            self.header = clean_header(next(self.lines(), []))

    def lines(self):
        with open(self.path, encoding=self.encoding, errors="replace", newline="") as handle:
            text = (line.replace("\0", "") for line in handle)
            for cells in csv.reader(text, delimiter=self.delimiter):
                if cells:
                    yield cells

    def rows(self):
        if self.records is not None:
            for record in self.records:
                yield [to_text(record.get(name)) for name in self.header]
            return
        width = len(self.header)
        lines = self.lines()
        next(lines, None)
        for cells in lines:
            yield (cells + [""] * (width - len(cells)))[:width]

    def number(self, cell):
        """The cell as a number, or None. Files with semicolons are the ones that write decimals with a comma."""
        cell = cell.strip()
        if self.delimiter == ";" and DECIMAL_COMMA.fullmatch(cell):
            cell = cell.replace(".", "").replace(",", ".")
        elif THOUSANDS.fullmatch(cell):
            cell = cell.replace(",", "")
        return float(cell) if NUMBER.fullmatch(cell) and math.isfinite(float(cell)) else None


def load_records(path, encoding):
    with open(path, encoding=encoding) as handle:
        if path.lower().endswith(".json"):
            data = json.load(handle)
        else:
            data = [json.loads(line) for line in handle if line.strip()]
    if not isinstance(data, list) or not all(isinstance(record, dict) for record in data):
        raise ValueError("the JSON is not a list of objects")
    return data


def to_text(value):
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def find_delimiter(sample, path):
    """The delimiter that cuts the first lines into most columns of equal number."""
    if path.lower().endswith((".tsv", ".tab")):
        return "\t"
    best, most = ",", 1
    for delimiter in (",", ";", "\t", "|"):
        lines = sample.splitlines()
        complete = lines[:-1] if len(sample) >= 60000 else lines
        widths = [len(cells) for cells in csv.reader(complete[:30], delimiter=delimiter) if cells]
        if widths and widths[0] > most and widths.count(widths[0]) >= 0.8 * len(widths):
            best, most = delimiter, widths[0]
    return best


def clean_header(cells):
    """Names that are neither empty nor given twice."""
    names = []
    for index, cell in enumerate(cells):
        name = " ".join(cell.split())[:60] or "column %d" % (index + 1)
        while name in names:
            name += "_"
        names.append(name)
    return names
