import { fenced, type StoreSearchHit } from '../../vector-stores/index.js';

const CITATION = /[ \t]*\[Document (\d{1,9})\]/gi;
const LONGEST_NAME = 300;

/** What the model reads beside its prompt. Documents are hostile: nothing in one ends its place or begins another's. */
export function answerInput(question: string, hits: readonly StoreSearchHit[]): string {
  return `Question: ${question}\n\n${hits.map(toDocument).join('\n\n')}`;
}

/** Citations of documents that there are none of are left out: models make them up. */
export function withKnownCitations(answer: string, documents: number): string {
  return answer.replace(CITATION, (citation, number: string) => {
    return Number(number) >= 1 && Number(number) <= documents ? citation : '';
  });
}

function toDocument({ filename, chunk }: StoreSearchHit, index: number): string {
  const name = filename.replace(/["<>]|\p{Cc}/gu, ' ').slice(0, LONGEST_NAME);
  return `<document number="${index + 1}" file="${name}">\n${fenced('document', chunk.text)}\n</document>`;
}
