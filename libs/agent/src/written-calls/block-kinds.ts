import { ARGUMENT_KEYS, NAME_KEYS, OTHER_KEYS } from './read-json-calls.js';
import type { KnownFunctions } from './written-call.js';

/** A form in which models write calls. */
export interface BlockKind {
  opener: string;
  /** What ends the block. None: it ends with its JSON, or with the turn. */
  closers: readonly string[];
  /** Whether it ends with its JSON also where no closer follows. */
  endsWithJson?: true;
  /** What may stand between the opener and the JSON. */
  lead?: RegExp;
  /** Only at the beginning of a turn. */
  first?: true;
  /**
   * A token of the model's own, which nobody writes to be read: where it ends the turn it is a call, whatever it names.
   * The others are calls only of functions that the model was told of.
   */
  token?: true;
  /** Whether what is no call is Python to be run, where there is an interpreter. */
  isCode?: true;
  /** Whether the opener belongs to what is read. */
  keepsOpener?: true;
  /** Whether a block that begins so can still become a call. Absent: any can. */
  mayBe?: (body: string, known: KnownFunctions) => boolean;
}

const FENCE_NAMES = ['json', 'JSON', 'tool_call', 'tool_calls', 'tool_code', 'tool', 'function_call', 'xml', ''];
/** Mistral, since its eleventh tokenizer: name, id and arguments follow each other. */
const MISTRAL_LEAD = /\s*[\w.-]*(?:\[CALL_ID\][\w-]*)?(?:\[ARGS\])?\s*/y;
const NAME_LEAD = /[\w.-]*\s*/y;

/** Of two that fit, the longer opener is taken. */
export const BLOCK_KINDS: readonly BlockKind[] = [
  // Hermes, Qwen 2.5 and 3, Qwen3-Coder, GLM 4.5, Granite 3.0
  wrapped('tool_call'),
  // MiniMax M1, Jamba, Hunyuan
  wrapped('tool_calls'),
  { ...wrapped('function_call'), endsWithJson: true },
  { ...wrapped('functioncall'), endsWithJson: true },
  // Qwen2.5-Coder, whatever its template says
  ...['tools', 'function', 'function-call'].map((name): BlockKind => ({
    opener: `<${name}>`,
    closers: [`</${name}>`],
    endsWithJson: true,
  })),
  wrapped('function_calls'),
  wrapped('minimax:tool_call'),
  wrapped('seed:tool_call'),
  wrapped('longcat_tool_call'),
  // Nemotron
  wrapped('TOOLCALL'),
  // DeepSeek V3.2, V4
  wrapped('｜DSML｜function_calls'),
  wrapped('｜DSML｜tool_calls'),
  { opener: '<function=', closers: ['</function>'], keepsOpener: true, token: true },
  // Granite 3.1 and later has no closer, Phi-4 mini has
  { opener: '<|tool_call|>', closers: ['<|/tool_call|>'], endsWithJson: true, token: true },
  { opener: '<|python_tag|>', closers: ['<|eom_id|>', '<|eot_id|>'], token: true, isCode: true },
  // Apertus
  { opener: '<|tools_prefix|>', closers: ['<|tools_suffix|>'], token: true },
  // Gemma 4
  { opener: '<|tool_call>', closers: ['<tool_call|>'], token: true },
  // FunctionGemma
  { opener: '<start_function_call>', closers: ['<end_function_call>'], token: true },
  // LFM2
  { opener: '<|tool_call_start|>', closers: ['<|tool_call_end|>'], token: true },
  { opener: '[TOOL_CALLS]', closers: [], endsWithJson: true, lead: MISTRAL_LEAD, token: true },
  {
    opener: '<｜tool▁calls▁begin｜>',
    closers: ['<｜tool▁calls▁end｜>'],
    token: true,
  },
  { opener: '<|tool_calls_section_begin|>', closers: ['<|tool_calls_section_end|>'], token: true },
  { opener: '<|START_ACTION|>', closers: ['<|END_ACTION|>'], token: true },
  { opener: '<|action_start|><|plugin|>', closers: ['<|action_end|>'], token: true },
  { opener: '<|channel|>commentary to=', closers: ['<|call|>', '<|end|>'], token: true, keepsOpener: true },
  // gpt-oss, where its header came before the turn
  { opener: 'to=functions.', closers: ['<|call|>', '<|end|>'], token: true, keepsOpener: true, first: true },
  { opener: 'functools', closers: [], endsWithJson: true, first: true, mayBe: (body) => /^\s*(?:\[|$)/.test(body) },
  { opener: '>>>', closers: [], endsWithJson: true, lead: NAME_LEAD, first: true, mayBe: mayBeNameAndJson },
  { opener: 'Action: ```json\n', closers: ['```'], first: true, mayBe: mayBeJsonCall },
  { opener: '{', closers: [], endsWithJson: true, first: true, keepsOpener: true, mayBe: mayBeJsonCall },
  { opener: '[', closers: [], endsWithJson: true, first: true, keepsOpener: true, mayBe: mayBeListOfCalls },
  ...FENCE_NAMES.map(fence),
];

function wrapped(name: string): BlockKind {
  return { opener: `<${name}>`, closers: [`</${name}>`], token: true };
}

function fence(name: string): BlockKind {
  const opener = `\`\`\`${name}\n`;
  return name === 'tool_code'
    ? { opener, closers: ['```'], isCode: true }
    : { opener, closers: ['```'], mayBe: mayBeFencedCall };
}

const FIRST_KEYS = [...NAME_KEYS, ...ARGUMENT_KEYS, ...OTHER_KEYS];
const FIRST_KEY = /^\s*\[?\s*\{\s*(?:["']([^"']*)(["'])?)?/;

/** An answer in JSON is not held back for longer than its first key. */
function mayBeJsonCall(body: string, known: KnownFunctions): boolean {
  if (/^\s*\[?\s*$/.test(body)) return true;
  const [whole, key, end] = FIRST_KEY.exec(body) ?? [];
  if (whole === undefined) return false;
  if (key === undefined) return whole.length === body.length;
  const keys = [...FIRST_KEYS, ...known.keys()];
  return end === undefined ? keys.some((candidate) => candidate.startsWith(key)) : keys.includes(key);
}

function mayBeNameAndJson(body: string, known: KnownFunctions): boolean {
  const [, name = '', rest = ''] = /^([\w.-]*)([\s\S]*)$/.exec(body) ?? [];
  const names = [...known.keys()];
  return rest === '' ? names.some((candidate) => candidate.startsWith(name)) : names.includes(name);
}

function mayBeListOfCalls(body: string, known: KnownFunctions): boolean {
  return mayBeJsonCall(body, known) || mayBePythonCall(body, known);
}

function mayBePythonCall(body: string, known: KnownFunctions): boolean {
  const [, name = '', parenthesis] = /^\s*\[\s*([\w.-]*)\s*(\()?/.exec(body) ?? [];
  const names = [...known.keys()];
  const bare = name.replace(/^\w+\./, '');
  return parenthesis === undefined
    ? /^\s*\[\s*[\w.-]*\s*$/.test(body) && names.some((known) => known.startsWith(bare) || known.startsWith(name))
    : names.includes(name) || names.includes(bare);
}

const TAGS = ['<tool_call>', '<function=', '<function_call>'];

function mayBeFencedCall(body: string, known: KnownFunctions): boolean {
  const text = body.trimStart();
  if (text.startsWith('<')) return TAGS.some((tag) => tag.startsWith(text) || text.startsWith(tag));
  return mayBeListOfCalls(body, known);
}
