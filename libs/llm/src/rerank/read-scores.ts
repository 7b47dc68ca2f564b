import { isObject, numberOf } from '../json.js';

/**
 * The scores in the order of the documents, or undefined where a document has none. vLLM, llama.cpp, Jina and Cohere
 * answer `{"results": [{"index", "relevance_score"}]}`, best first; text-embeddings-inference a bare list with `score`.
 */
export function readScores(answer: unknown, count: number): number[] | undefined {
  const results: unknown = isObject(answer) ? answer['results'] : answer;
  if (!Array.isArray(results)) return undefined;
  const scores = new Map<number, number>();
  for (const result of results as unknown[]) {
    if (!isObject(result)) return undefined;
    const index = numberOf(result['index']);
    const score = numberOf(result['relevance_score']) ?? numberOf(result['score']);
    if (index === undefined || score === undefined) return undefined;
    scores.set(index, score);
  }
  const ordered = Array.from({ length: count }, (_, index) => scores.get(index));
  return ordered.every((score) => score !== undefined) ? ordered : undefined;
}
