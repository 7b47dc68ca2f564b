/** What the imitated model server answers, byte for byte. The load generator knows it too and checks every answer. */

export const TOKENS = 64;
export const TOKEN_INTERVAL_MS = 20;

/** Answers at once. */
export const INSTANT_MODEL = 'bench-instant';
/** Streams a token every TOKEN_INTERVAL_MS. */
export const PACED_MODEL = 'bench-paced';

const HEAD = { id: 'chatcmpl-bench', created: 1_750_000_000, model: 'bench' };
const words = Array.from({ length: TOKENS }, (_, index) => `word${index} `);
const toEvent = (data) => Buffer.from(`data: ${data}\n\n`);

/** One server-sent event for each token, and the end of the stream. */
export const STREAM_EVENTS = [
  ...words.map((content) =>
    toEvent(
      JSON.stringify({
        ...HEAD,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta: { content }, logprobs: null, finish_reason: null }],
      }),
    ),
  ),
  toEvent('[DONE]'),
];

export const STREAM_BYTES = STREAM_EVENTS.reduce((sum, event) => sum + event.length, 0);

export const JSON_ANSWER = Buffer.from(
  JSON.stringify({
    ...HEAD,
    object: 'chat.completion',
    choices: [
      { index: 0, message: { role: 'assistant', content: words.join('') }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 120, completion_tokens: TOKENS, total_tokens: 120 + TOKENS },
  }),
);
