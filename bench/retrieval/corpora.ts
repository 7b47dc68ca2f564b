import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ParsedDocument, SearchHit } from '@libs/retrieval';

interface Span {
  start_index: number;
  end_index: number;
}

export interface Question {
  corpus: string;
  question: string;
  references: Span[];
}

export interface Corpora {
  documents: Map<string, ParsedDocument>;
  questions: Question[];
}

const NAMES = ['state_of_the_union', 'wikitexts', 'chatlogs'];

/** The corpora and questions of Chroma's "Evaluating Chunking Strategies for Retrieval" (2024) in a folder. */
export async function readCorpora(folder: string): Promise<Corpora> {
  const documents = new Map<string, ParsedDocument>();
  for (const name of NAMES) documents.set(name, documentOf(await readFile(join(folder, `${name}.md`), 'utf8')));
  const lines = (await readFile(join(folder, 'questions.jsonl'), 'utf8')).trim().split('\n');
  return { documents, questions: lines.map((line) => JSON.parse(line) as Question) };
}

export function documentOf(text: string): ParsedDocument {
  const whole = { start: 0, end: text.length, page: null, headings: [], kind: 'prose' as const };
  return { text, sections: [whole], metadata: {} };
}

/** The share of the characters that answer the question which the hits show. */
export function recallOf(question: Question, hits: readonly SearchHit[]): number {
  const shown = hits.filter(({ fileId }) => fileId === question.corpus).map(({ chunk }) => chunk);
  let covered = 0;
  let all = 0;
  for (const { start_index: start, end_index: end } of question.references) {
    all += end - start;
    for (let at = start; at < end; at += 1) {
      covered += shown.some((chunk) => chunk.start <= at && at < chunk.end) ? 1 : 0;
    }
  }
  return all === 0 ? 1 : covered / all;
}
