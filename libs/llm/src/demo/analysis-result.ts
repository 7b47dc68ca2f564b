import { isObject, numberOf, parseJson, textOf, type JsonObject } from '../json.js';
import { RESULT_MARKER } from './analysis-program.js';

export interface ColumnFacts {
  name: string;
  type: string;
  missing: number;
  min?: number | undefined;
  mean?: number | undefined;
  max?: number | undefined;
}

export interface GroupFacts {
  name: string;
  rows: number;
  columns: Record<string, { total?: number | undefined; mean?: number | undefined }>;
}

/** What the analysis program found out about one file. */
export interface FileResult {
  file: string;
  rows?: number | undefined;
  columnCount?: number | undefined;
  columns: ColumnFacts[];
  category?: string | undefined;
  value?: string | undefined;
  groups: GroupFacts[];
  /** Of all groups; the output holds the first ones only when there are many. */
  groupCount?: number | undefined;
  overallMean?: number | undefined;
  overallTotal?: number | undefined;
  chart?: string | undefined;
  chartTitle?: string | undefined;
  summary?: string | undefined;
  note?: string | undefined;
  error?: string | undefined;
}

/** The results in a tool's output, or undefined where the program did not get so far. */
export function readAnalysisResult(output: string): FileResult[] | undefined {
  const start = output.indexOf(RESULT_MARKER);
  if (start < 0) return undefined;
  const line = output.slice(start + RESULT_MARKER.length).split('\n', 1)[0] ?? '';
  const parsed = parseJson(line.trim());
  return isObject(parsed) ? objectsOf(parsed['files']).map(readFile) : undefined;
}

function readFile(file: JsonObject): FileResult {
  return {
    file: textOf(file['file']) ?? 'file',
    rows: numberOf(file['rows']),
    columnCount: numberOf(file['column_count']),
    columns: objectsOf(file['columns']).map(readColumn),
    category: textOf(file['category']),
    value: textOf(file['value']),
    groupCount: numberOf(file['group_count']),
    groups: objectsOf(file['groups']).map(readGroup),
    overallMean: numberOf(file['overall_mean']),
    overallTotal: numberOf(file['overall_total']),
    chart: textOf(file['chart']),
    chartTitle: textOf(file['chart_title']),
    summary: textOf(file['summary']),
    note: textOf(file['note']),
    error: textOf(file['error']),
  };
}

function readColumn(column: JsonObject): ColumnFacts {
  return {
    name: textOf(column['name']) ?? '',
    type: textOf(column['type']) ?? '',
    missing: numberOf(column['missing']) ?? 0,
    min: numberOf(column['min']),
    mean: numberOf(column['mean']),
    max: numberOf(column['max']),
  };
}

function readGroup(group: JsonObject): GroupFacts {
  const columns: GroupFacts['columns'] = {};
  for (const [name, facts] of Object.entries(isObject(group['columns']) ? group['columns'] : {})) {
    if (isObject(facts)) columns[name] = { total: numberOf(facts['total']), mean: numberOf(facts['mean']) };
  }
  return { name: textOf(group['name']) ?? '', rows: numberOf(group['rows']) ?? 0, columns };
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
