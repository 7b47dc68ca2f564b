def output_base(path, taken):
    """Where the results of a file go: beside it, never over the results of another."""
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    base = os.path.join(folder, stem)
    if base in taken:
        base += "_" + ending.lstrip(".")
    while base in taken:
        base += "_"
    taken.add(base)
    return base


def profile_file(path, question, taken):
    result = {"file": os.path.basename(path), "bytes": os.path.getsize(path)}
    if not path.lower().endswith(TABLE_ENDINGS):
        return dict(result, note="not a table")
    table = Table(path)
    if table.is_binary:
        return dict(result, note="not a table")
    rows, columns = profile_columns(table)
    result.update(rows=rows, columns=[column.describe() for column in columns[:60]], column_count=len(columns))
    if rows == 0:
        return dict(result, note="no rows")
    numbers = [column for column in columns if column.type in ("integer", "number")]
    value = choose(numbers, question)
    # The charted column first, so that it is among those that are kept.
    numbers = ([value] + [column for column in numbers if column is not value])[:MOST_NUMBERS] if value else []
    category = choose_category(columns, question)
    base = output_base(path, taken)
    groups = {}
    if category:
        groups = group_statistics(table, columns, category, numbers)
        result.update(category=category.name, group_count=len(groups))
        result["groups"] = [dict(facts, name=name) for name, facts in groups.items()]
    if value:
        result.update(value=value.name, overall_mean=tidy(value.total / value.count), overall_total=tidy(value.total))
    result.update(draw_result(base, table, columns, groups, category, value, question))
    result["summary"] = write_summary(base, columns, groups, category, numbers)
    return result


def draw_result(base, table, columns, groups, category, value, question):
    statistic = "total" if re.search(r"\b(total|totals|sum|sums)\b", question) else "mean"
    if category and value:
        title = "%s of %s by %s" % (statistic.capitalize(), value.name, category.name)
        bars = {name: facts["columns"][value.name][statistic] for name, facts in groups.items() if value.name in facts["columns"]}
        names, values, label = list(bars), list(bars.values()), value.name
    elif category:
        title, label, statistic = "Rows by %s" % category.name, "rows", "count"
        names, values = list(groups), [facts["rows"] for facts in groups.values()]
    elif value:
        title, label, statistic = "Distribution of %s" % value.name, "rows", "count"
        names, values = histogram(table, columns, value)
    else:
        title, label, statistic = "Values present by column", "rows", "count"
        names, values = [column.name for column in columns[:30]], [column.count for column in columns[:30]]
    if not values:
        return {}
    path = base + "_chart.png"
    draw_bars(path, title, label, [name[:30] for name in names], [number or 0 for number in values])
    return {"chart": os.path.basename(path), "chart_title": title, "statistic": statistic}


def write_summary(base, columns, groups, category, numbers):
    path = base + "_summary.csv"
    measures = ("count", "total", "mean", "min", "max")
    with open(path, "w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        if category:
            writer.writerow([category.name, "rows"] + [column.name + "_" + part for column in numbers for part in measures])
            for name, facts in groups.items():
                cells = [facts["columns"].get(column.name, {}).get(part, "") for column in numbers for part in measures]
                writer.writerow([name, facts["rows"]] + cells)
        else:
            facts = ("name", "type", "count", "missing", "min", "mean", "max")
            writer.writerow(facts)
            for column in columns:
                described = column.describe()
                writer.writerow([described.get(part, "") for part in facts])
    return os.path.basename(path)


def profile_all(paths, question):
    results, taken = [], set()
    for path in paths:
        try:
            results.append(profile_file(path, question, taken))
        except Exception as error:
            results.append({"file": os.path.basename(path), "error": "%s: %s" % (type(error).__name__, str(error)[:300])})
    return results


def result_line(results, longest=16000):
    """The results as JSON. Whoever passes the output on may cut it, so details go before it grows too long."""
    for groups, columns in ((30, 60), (10, 20), (3, 8), (0, 0)):
        kept = [
            dict(result, groups=result.get("groups", [])[:groups], columns=result.get("columns", [])[:columns])
            for result in results
        ]
        line = MARKER + json.dumps({"files": kept})
        if len(line) <= longest:
            break
    return line


print(result_line(profile_all(FILES, QUESTION)))
