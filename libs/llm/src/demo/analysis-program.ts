import { wellFormed } from '@libs/kernel';
import { readFileSync } from 'node:fs';

/** Begins the one line of output that holds the results as JSON. */
export const RESULT_MARKER = 'THREADMILL_DEMO_RESULT ';

const PARTS = ['read-tables.py', 'column-statistics.py', 'bar-chart.py', 'profile-files.py'];
/** Files that one program analyses. */
export const MOST_FILES = 8;

let loaded: string | undefined;

function loadParts(): string {
  loaded ??= PARTS.map((name) => readFileSync(new URL(`./programs/${name}`, import.meta.url), 'utf8')).join('\n\n');
  return loaded;
}

/**
 * The Python that analyses the files: their columns, statistics by group, a bar chart and a summary beside each.
 * Names come in as JSON strings, which are string literals in Python as well, so no name can become code.
 */
export function buildAnalysisProgram(files: readonly string[], question: string): string {
  const header = [
    `FILES = ${JSON.stringify(files.slice(0, MOST_FILES).map(wellFormed))}`,
    `QUESTION = ${JSON.stringify(wellFormed(question.toLowerCase().slice(0, 500)))}`,
    `MARKER = ${JSON.stringify(RESULT_MARKER)}`,
  ];
  return `${header.join('\n')}\n\n\n${loadParts()}`;
}
