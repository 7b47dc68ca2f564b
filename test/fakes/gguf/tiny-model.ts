import { writeGguf, type MetadataValue, type Tensor } from './gguf-writer.js';

/** What the tiny model says to anything, one word a token. */
export const TINY_ANSWER = ['▁one', '▁two', '▁three', '▁four', '▁five', '▁six', '▁seven', '▁eight'];
export const TINY_CONTEXT = 512;

const WIDTH = 64;
const HEADS = 2;
const FEED_FORWARD = 64;
/** Of what the layer adds: far too little to change the word that comes next. */
const NOISE = 0.001;

const NORMAL = 1;
const UNKNOWN = 2;
const CONTROL = 3;
const BYTE = 6;

const SPECIAL = ['<unk>', '<s>', '</s>'];
const BYTES = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
const PIECES = ['▁', ...TINY_ANSWER, ...'abcdefghijklmnopqrstuvwxyz:'];
const TOKENS = [...SPECIAL, ...BYTES, ...PIECES];

const TEMPLATE =
  "{% for message in messages %}{{ message['role'] + ' ' + message['content'] + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ 'assistant:' }}{% endif %}";

/**
 * A GGUF file of a few hundred kilobytes: the llama architecture with one layer of random weights, and an output by which
 * each word of the answer follows the one before. It needs no download, and what it says is known.
 */
export function tinyModel(): Buffer {
  return writeGguf(metadata(), tensors());
}

function metadata(): Record<string, MetadataValue> {
  const number = (value: number): MetadataValue => ({ type: 'uint32', value });
  return {
    'general.architecture': { type: 'string', value: 'llama' },
    'general.name': { type: 'string', value: 'Tiny' },
    'general.file_type': number(0),
    'llama.context_length': number(TINY_CONTEXT),
    'llama.embedding_length': number(WIDTH),
    'llama.block_count': number(1),
    'llama.feed_forward_length': number(FEED_FORWARD),
    'llama.attention.head_count': number(HEADS),
    'llama.attention.head_count_kv': number(HEADS),
    'llama.attention.layer_norm_rms_epsilon': { type: 'float32', value: 1e-5 },
    'llama.rope.dimension_count': number(WIDTH / HEADS),
    'llama.vocab_size': number(TOKENS.length),
    'tokenizer.ggml.model': { type: 'string', value: 'llama' },
    'tokenizer.ggml.tokens': { type: 'strings', value: TOKENS },
    'tokenizer.ggml.scores': { type: 'floats', value: TOKENS.map((_, index) => -index) },
    'tokenizer.ggml.token_type': { type: 'ints', value: TOKENS.map(typeOf) },
    'tokenizer.ggml.bos_token_id': number(1),
    'tokenizer.ggml.eos_token_id': number(2),
    'tokenizer.ggml.unknown_token_id': number(0),
    'tokenizer.chat_template': { type: 'string', value: TEMPLATE },
  };
}

function typeOf(token: string, index: number): number {
  if (index === 0) return UNKNOWN;
  if (index < SPECIAL.length) return CONTROL;
  return BYTES.includes(token) ? BYTE : NORMAL;
}

function tensors(): Tensor[] {
  const random = randomNumbers();
  const noise = (name: string, ...shape: number[]): Tensor => ({
    name,
    shape,
    values: Float32Array.from({ length: shape.reduce((one, other) => one * other) }, () => random() * NOISE),
  });
  const ones = (name: string): Tensor => ({ name, shape: [WIDTH], values: new Float32Array(WIDTH).fill(1) });
  const embeddings = embeddingsOf(random);
  return [
    { name: 'token_embd.weight', shape: [WIDTH, TOKENS.length], values: embeddings },
    { name: 'output.weight', shape: [WIDTH, TOKENS.length], values: outputOf(embeddings) },
    ones('output_norm.weight'),
    ones('blk.0.attn_norm.weight'),
    ones('blk.0.ffn_norm.weight'),
    ...['q', 'k', 'v', 'output'].map((name) => noise(`blk.0.attn_${name}.weight`, WIDTH, WIDTH)),
    noise('blk.0.ffn_gate.weight', WIDTH, FEED_FORWARD),
    noise('blk.0.ffn_up.weight', WIDTH, FEED_FORWARD),
    noise('blk.0.ffn_down.weight', FEED_FORWARD, WIDTH),
  ];
}

/** Words of the answer lie anywhere; all other tokens lie in one place, so that the same word follows any prompt. */
function embeddingsOf(random: () => number): Float32Array {
  const place = Array.from({ length: WIDTH }, random);
  return Float32Array.from(TOKENS.flatMap((token) => (TINY_ANSWER.includes(token) ? place.map(random) : place)));
}

/** A token's row is the embedding of the token that it follows, so that it is likeliest after that one. */
function outputOf(embeddings: Float32Array): Float32Array {
  const output = new Float32Array(embeddings.length);
  const chain = ['▁', ...TINY_ANSWER, '</s>'].map((token) => TOKENS.indexOf(token));
  for (const [place, token] of chain.entries()) {
    const before = chain[place - 1];
    if (before === undefined) continue;
    output.set(embeddings.subarray(before * WIDTH, (before + 1) * WIDTH), token * WIDTH);
  }
  return output;
}

/** From -1 to 1, the same each time (mulberry32). */
function randomNumbers(): () => number {
  let state = 7;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
