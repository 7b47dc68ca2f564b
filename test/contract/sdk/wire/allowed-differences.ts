/** A place where the product sends what OpenAI's servers send, although the specification says otherwise. */
export interface AllowedDifference {
  /** Name of the specification's schemas. */
  schemas: readonly string[];
  /** Place in them, as the keys on the way to it. */
  at: string;
  /** What may come there, beside what the specification says. */
  alsoAllowed: Readonly<Record<string, unknown>>;
  reason: string;
}

const NULL = { type: 'null' };
const LISTS = [
  'ListAssistantsResponse',
  'ListMessagesResponse',
  'ListRunsResponse',
  'ListRunStepsResponse',
  'ListFilesResponse',
  'ChatCompletionList',
  'ChatCompletionMessageList',
  'ListVectorStoresResponse',
  'ListVectorStoreFilesResponse',
];
const PASSED_ON =
  'Without extensions the answer of the model server passes byte for byte, and vLLM fills what it has not with null.';
const EMPTY_LIST = 'An empty list has no ids: recorded traffic says null (openai-wire.md section 4.4).';

/** The whole list: whatever else differs from the specification is a defect. */
export const ALLOWED_DIFFERENCES: readonly AllowedDifference[] = [
  { schemas: LISTS, at: 'properties/first_id', alsoAllowed: NULL, reason: EMPTY_LIST },
  { schemas: LISTS, at: 'properties/last_id', alsoAllowed: NULL, reason: EMPTY_LIST },
  {
    schemas: ['RunObject'],
    at: 'properties/instructions',
    alsoAllowed: NULL,
    reason: 'A run without instructions is recorded with null (openai-wire.md section 6).',
  },
  {
    schemas: ['OpenAIFile'],
    at: 'properties/expires_at',
    alsoAllowed: NULL,
    reason: 'A file that never expires is recorded with null (openai-wire.md section 7).',
  },
  {
    schemas: ['OpenAIFile'],
    at: 'properties/status_details',
    alsoAllowed: NULL,
    reason: 'A file without a problem is recorded with null (openai-wire.md section 7).',
  },
  {
    schemas: ['OpenAIFile'],
    at: 'properties/purpose',
    alsoAllowed: { const: 'evals' },
    reason: 'The purpose is taken by the real API, and files say what they were given (openai-wire.md section 7).',
  },
  { schemas: ['ChatCompletionResponseMessage'], at: 'properties/annotations', alsoAllowed: NULL, reason: PASSED_ON },
  { schemas: ['ChatCompletionResponseMessage'], at: 'properties/function_call', alsoAllowed: NULL, reason: PASSED_ON },
  {
    schemas: ['ChatCompletionMessageList'],
    at: 'properties/data/items/allOf/0',
    alsoAllowed: {
      type: 'object',
      properties: { role: { enum: ['developer', 'system', 'user', 'tool'] }, content: { type: ['string', 'null'] } },
      required: ['role', 'content'],
    },
    reason: "The list is of the request's messages, but the specification describes them as answers of the model.",
  },
];

/** The event `error` bears the envelope: every SDK raises its error from it, from the flat form only some do (section 5.4). */
export const DATA_OF_ERROR_EVENT = 'ErrorResponse';
