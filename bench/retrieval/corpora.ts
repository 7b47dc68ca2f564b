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

/** The corpora and questions of Chroma's "Evaluating Chunking Strategies for Retrieval" (2024), as many as a folder holds. */
export async function readCorpora(folder: string): Promise<Corpora> {
  const lines = (await readFile(join(folder, 'questions.jsonl'), 'utf8')).trim().split('\n');
  const questions = lines.map((line) => JSON.parse(line) as Question);
  const documents = new Map<string, ParsedDocument>();
  for (const name of new Set(questions.map(({ corpus }) => corpus))) {
    documents.set(name, documentOf(await readFile(join(folder, `${name}.md`), 'utf8')));
  }
  return { documents, questions };
}

export function documentOf(text: string): ParsedDocument {
  const whole = { start: 0, end: text.length, page: null, headings: [], kind: 'prose' as const };
  return { text, sections: [whole], metadata: {} };
}

/** The share of the characters that answer the question which the hits show. */
export function recallOf(question: Question, hits: readonly SearchHit[]): number {
  return shareShown(
    question,
    hits.filter(({ fileId }) => fileId === question.corpus).map(({ chunk }) => chunk),
  );
}

/** As `recallOf`, by the texts of results: each shows the place where the corpus has it first, and nothing if it is nowhere. */
export function recallOfTexts(question: Question, corpus: string, texts: readonly string[]): number {
  const stretches = texts.map((text) => ({ start: text === '' ? -1 : corpus.indexOf(text), text }));
  const found = stretches.filter(({ start }) => start >= 0);
  return shareShown(
    question,
    found.map(({ start, text }) => ({ start, end: start + text.length })),
  );
}

function shareShown(question: Question, shown: readonly { start: number; end: number }[]): number {
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
