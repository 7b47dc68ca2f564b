MOST_GROUPS = 30
MOST_NUMBERS = 5
LARGEST_FOR_PANDAS = 64 * 1024 * 1024


class Column:
    """What one pass over the rows tells of a column."""

    def __init__(self, name):
        self.name = name
        self.count = self.missing = 0
        self.is_number = self.is_whole = self.is_date = True
        self.total = 0.0
        self.low = self.high = None
        self.values = set()

    def add(self, cell, table):
        if is_missing(cell):
            self.missing += 1
            return
        self.count += 1
        cell = cell.strip()
        if len(self.values) <= MOST_GROUPS:
            self.values.add(cell)
        self.is_date = self.is_date and DATE.fullmatch(cell) is not None
        number = table.number(cell) if self.is_number else None
        if number is None:
            self.is_number = False
        else:
            self.is_whole = self.is_whole and number == int(number)
            self.total += number
            self.low = number if self.low is None else min(self.low, number)
            self.high = number if self.high is None else max(self.high, number)

    @property
    def type(self):
        if self.count == 0:
            return "empty"
        if self.is_number:
            if re.search(r"(^|[_\s])id$", self.name, re.I):
                return "identifier"
            return "integer" if self.is_whole else "number"
        if self.is_date:
            return "date"
        few = len(self.values) <= MOST_GROUPS
        return "category" if few and len(self.values) < self.count else "text"

    def describe(self):
        facts = {"name": self.name, "type": self.type, "count": self.count, "missing": self.missing}
        if self.type in ("integer", "number"):
            facts.update(min=tidy(self.low), mean=tidy(self.total / self.count), max=tidy(self.high))
        return facts


def tidy(number):
    """Six decimals are plenty to read, and keep the output short."""
    return round(number, 6) if math.isfinite(number) else None


def profile_columns(table):
    columns = [Column(name) for name in table.header]
    rows = 0
    for cells in table.rows():
        rows += 1
        for column, cell in zip(columns, cells):
            column.add(cell, table)
    return rows, columns


def choose(columns, question):
    """The first column that the question names, else the first."""
    named = [column for column in columns if re.search(r"(?<!\w)%s(?!\w)" % re.escape(column.name.lower()), question)]
    return (named or columns or [None])[0]


def choose_category(columns, question):
    categories = [column for column in columns if column.type == "category"]
    labels = [column for column in columns if column.type == "text" and len(column.values) <= MOST_GROUPS]
    return choose(categories, question) or choose(labels, question)


def group_statistics(table, columns, category, numbers):
    """{group: {"rows": n, column: {"count", "total", "mean", "min", "max"}}}, sorted by the group's name."""
    position = {column.name: index for index, column in enumerate(columns)}
    rows = (
        [cells[position[category.name]].strip()[:60]] + [table.number(cells[position[column.name]]) for column in numbers]
        for cells in table.rows()
        if not is_missing(cells[position[category.name]])
    )
    names = [column.name for column in numbers]
    if os.path.getsize(table.path) <= LARGEST_FOR_PANDAS:
        try:
            import pandas
        except ImportError:
            pandas = None
        if pandas is not None:
            return group_with_pandas(pandas, rows, names)
    return group_in_one_pass(rows, names)


def group_with_pandas(pandas, rows, names):
    frame = pandas.DataFrame(list(rows), columns=["group"] + list(range(len(names))))
    groups = {}
    for label, part in frame.groupby("group", sort=True):
        groups[label] = {"rows": len(part), "columns": {}}
        for index, name in enumerate(names):
            values = part[index].astype(float).dropna()
            if len(values):
                groups[label]["columns"][name] = measure(
                    len(values), values.sum(), values.min(), values.max()
                )
    return groups


def group_in_one_pass(rows, names):
    sums = {}
    for label, *numbers in rows:
        group = sums.setdefault(label, {"rows": 0, "columns": {}})
        group["rows"] += 1
        for name, number in zip(names, numbers):
            if number is not None:
                count, total, low, high = group["columns"].get(name, (0, 0.0, number, number))
                group["columns"][name] = (count + 1, total + number, min(low, number), max(high, number))
    return {
        label: {
            "rows": sums[label]["rows"],
            "columns": {name: measure(*values) for name, values in sums[label]["columns"].items()},
        }
        for label in sorted(sums)
    }


def measure(count, total, low, high):
    return {
        "count": int(count),
        "total": tidy(float(total)),
        "mean": tidy(float(total) / int(count)),
        "min": tidy(float(low)),
        "max": tidy(float(high)),
    }


def histogram(table, columns, number, bins=10):
    """Labels and counts of equal ranges, for tables that have numbers and nothing to group by."""
    index = columns.index(number)
    width = (number.high - number.low) / bins or 1.0
    counts = [0] * bins
    for cells in table.rows():
        value = table.number(cells[index])
        if value is not None:
            counts[min(bins - 1, int((value - number.low) / width))] += 1
    return ["%.4g" % (number.low + width * step) for step in range(bins)], counts
