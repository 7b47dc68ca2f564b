import { randomBytes } from 'node:crypto';
import { CREATED, jsonAnswer, type PlainAnswer } from './profile.js';
import { countWords, overlap, toBase64, wordVector } from './word-vectors.js';

interface EmbeddingBody {
  model: string;
  input: string | string[];
  encoding_format?: 'float' | 'base64';
}

interface RerankBody {
  model: string;
  query: string;
  documents: string[];
  top_n?: number;
}

function textsOf({ input }: EmbeddingBody): string[] {
  return Array.isArray(input) ? input : [input];
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isEmbeddingBody(body: unknown): body is EmbeddingBody {
  const { input } = (body ?? {}) as Partial<EmbeddingBody>;
  return isText(input) || (Array.isArray(input) && input.every(isText));
}

function isRerankBody(body: unknown): body is RerankBody {
  const { query, documents } = (body ?? {}) as Partial<RerankBody>;
  return isText(query) && Array.isArray(documents) && documents.every(isText);
}

/** The refusal of what these imitations do not read; its shape is vLLM's. */
function refusal(): PlainAnswer {
  return jsonAnswer({ error: { message: 'Input should be text.', type: 'Bad Request', param: null, code: 400 } }, 400);
}

function hex(): string {
  return randomBytes(16).toString('hex');
}

function rankedBy({ query, documents, top_n }: RerankBody): { index: number; score: number; text: string }[] {
  const ranked = documents.map((text, index) => ({ index, text, score: overlap(query, text) }));
  return ranked.sort((one, other) => other.score - one.score).slice(0, top_n ?? documents.length);
}

/** vLLM: entrypoints/openai/serving_embedding.py and protocol.py. */
export function vllmEmbeddings(body: unknown): PlainAnswer {
  if (!isEmbeddingBody(body)) return refusal();
  const asked = body;
  const tokens = countWords(textsOf(asked));
  const data = textsOf(asked).map((text, index) => ({
    index,
    object: 'embedding',
    embedding: asked.encoding_format === 'base64' ? toBase64(wordVector(text)) : wordVector(text),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0, prompt_tokens_details: null };
  return jsonAnswer({ id: `embd-${hex()}`, object: 'list', created: CREATED, model: asked.model, data, usage });
}

/** vLLM: entrypoints/openai/serving_score.py. */
export function vllmRerank(body: unknown): PlainAnswer {
  if (!isRerankBody(body)) return refusal();
  const asked = body;
  const results = rankedBy(asked).map(({ index, text, score }) => ({
    index,
    document: { text, multi_modal: null },
    relevance_score: score,
  }));
  const usage = { total_tokens: countWords([asked.query, ...asked.documents]) };
  return jsonAnswer({ id: `rerank-${hex()}`, model: asked.model, usage, results });
}

/** llama.cpp: tools/server, format_embeddings_response_oaicompat. */
export function llamacppEmbeddings(body: unknown): PlainAnswer {
  if (!isEmbeddingBody(body)) return refusal();
  const asked = body;
  const isBase64 = asked.encoding_format === 'base64';
  const tokens = countWords(textsOf(asked));
  const data = textsOf(asked).map((text, index) => ({
    embedding: isBase64 ? toBase64(wordVector(text)) : wordVector(text),
    index,
    object: 'embedding',
    ...(isBase64 && { encoding_format: 'base64' }),
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return jsonAnswer({ model: asked.model, object: 'list', usage, data });
}

/** llama.cpp: tools/server, format_response_rerank. */
export function llamacppRerank(body: unknown): PlainAnswer {
  if (!isRerankBody(body)) return refusal();
  const asked = body;
  const results = rankedBy(asked).map(({ index, score }) => ({ index, relevance_score: score }));
  const tokens = countWords([asked.query, ...asked.documents]);
  return jsonAnswer({
    model: asked.model,
    object: 'list',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    results,
  });
}

/** Ollama: server/routes.go, EmbedHandler. */
export function ollamaEmbed(body: unknown): PlainAnswer {
  if (!isEmbeddingBody(body)) return refusal();
  const asked = body;
  const texts = textsOf(asked);
  return jsonAnswer({
    model: asked.model,
    embeddings: texts.map(wordVector),
    total_duration: 14_143_917,
    load_duration: 1_019_500,
    prompt_eval_count: countWords(texts),
  });
}

/** Ollama: openai/openai.go, ToEmbeddingList. It gives floats whatever was asked for. */
export function ollamaOpenAiEmbeddings(body: unknown): PlainAnswer {
  if (!isEmbeddingBody(body)) return refusal();
  const asked = body;
  const tokens = countWords(textsOf(asked));
  const data = textsOf(asked).map((text, index) => ({ object: 'embedding', embedding: wordVector(text), index }));
  return jsonAnswer({
    object: 'list',
    data,
    model: asked.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}
