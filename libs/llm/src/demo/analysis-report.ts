import type { ColumnFacts, FileResult } from './analysis-result.js';
import { inline } from './texts.js';

/** The answer to a question about files, from what the analysis program really found. */
export function reportAnalysis(results: readonly FileResult[]): string {
  return results.map(reportFile).join('\n\n');
}

function reportFile(result: FileResult): string {
  const title = `### ${inline(result.file)}`;
  if (result.error !== undefined) {
    return `${title}\n\nThis file could not be analysed: ${inline(result.error)}. There are no numbers for it.`;
  }
  if (result.rows === undefined) {
    return `${title}\n\nThis file is ${inline(result.note ?? 'not a table')}; nothing was computed.`;
  }
  const sections = [
    title,
    `**${result.rows}** rows, **${result.columnCount ?? result.columns.length}** columns.`,
    columnTable(result.columns),
    groupTable(result),
    leftOut(result),
    overall(result),
    links(result),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function columnTable(columns: readonly ColumnFacts[]): string {
  if (columns.length === 0) return '';
  const rows = columns.map((column) => [
    inline(column.name),
    column.type,
    String(column.missing),
    number(column.min),
    number(column.mean),
    number(column.max),
  ]);
  return table(['column', 'type', 'missing', 'min', 'mean', 'max'], rows);
}

function groupTable({ category, value, groups }: FileResult): string {
  if (category === undefined || groups.length === 0) return '';
  const heading = `By **${inline(category)}**:`;
  if (value === undefined) {
    const counts = groups.map((group) => [inline(group.name), String(group.rows)]);
    return `${heading}\n\n${table([inline(category), 'rows'], counts)}`;
  }
  const rows = groups.map((group) => {
    const facts = group.columns[value];
    return [inline(group.name), String(group.rows), number(facts?.mean), number(facts?.total)];
  });
  return `${heading}\n\n${table([inline(category), 'rows', `mean ${inline(value)}`, `total ${inline(value)}`], rows)}`;
}

function leftOut({ groups, groupCount = 0 }: FileResult): string {
  const count = groupCount - groups.length;
  return count > 0 ? `${count} more groups are in the summary.` : '';
}

function overall({ value, overallMean, overallTotal }: FileResult): string {
  if (value === undefined || overallMean === undefined) return '';
  return `Overall mean of ${inline(value)}: **${number(overallMean)}** (total ${number(overallTotal)}).`;
}

function links({ chart, chartTitle, summary }: FileResult): string {
  const lines = [];
  if (chart !== undefined) {
    lines.push(`${inline(chartTitle ?? 'Chart')}: [Download the chart](sandbox:/mnt/data/${encodeURI(chart)})`);
  }
  if (summary !== undefined) lines.push(`[Download the summary](sandbox:/mnt/data/${encodeURI(summary)})`);
  return lines.join('\n\n');
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** At most two decimals; nothing for what was not computed. */
function number(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}
