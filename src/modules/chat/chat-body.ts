import { AGENT_TYPES, type AgentType } from '@libs/agent';
import { isPlainObject, metadataProblem, textProblem } from '../../common/validation/index.js';
import { invalidRequest, type Metadata } from '@libs/openai-wire';

/** A chat completion request: only what Threadmill itself needs to know of it. */
export interface ChatBody {
  /** The request without Threadmill's extensions: what a model server may see. */
  plain: Record<string, unknown> & { messages: Record<string, unknown>[] };
  /** Undefined: the configured default. */
  model: string | undefined;
  stream: boolean;
  includeUsage: boolean;
  /** Extension: `file_ids` of the request and of its messages. */
  fileIds: string[];
  /** Extension: `file_ids` of the request alone, echoed as `attached_files`. */
  attachedFiles: string[] | null;
  /** Extension: undefined where the request does not say. */
  executeCode: boolean | undefined;
  /** Extension: how the agent goes about it. Undefined where the request does not say. */
  agentType: AgentType | undefined;
  /** Extension: the session that the conversation goes on in. Undefined where the request names none. */
  sessionId: string | undefined;
  /** As they came. */
  tools: unknown[];
  /** Extension: whether any of the tools runs here. */
  namesServerTools: boolean;
  /** Extension: `tool_resources`, unchecked. Undefined where the request has none. */
  toolResources: unknown;
  /** Set where the answer is to be kept (`store: true`). */
  store: { metadata: Metadata } | null;
  /** Whether the request bears any extension. Without one it is passed on as it came. */
  extended: boolean;
}

const EXTENSIONS = ['file_ids', 'execute_code', 'agent_type', 'tool_resources', 'session_id'];
/** The types of tools that chat completions have at OpenAI. Clients run them. */
const CLIENT_TYPES: ReadonlySet<unknown> = new Set(['function', 'custom']);

/** Reads a request, checking only what is needed to route it: the model server judges the rest. */
export function readChatBody(body: unknown): ChatBody {
  if (!isPlainObject(body)) throw invalidRequest('The request body must be a JSON object.');
  const store = readStore(body);
  const { file_ids, execute_code, agent_type, tool_resources, session_id, ...plain } = store
    ? withoutStore(body)
    : body;
  const messages = readMessages(plain['messages']);
  const attachedFiles = readFileIds(file_ids, 'file_ids');
  const ofMessages = messages.flatMap(
    (message, index) => readFileIds(message['file_ids'], `messages[${index}].file_ids`) ?? [],
  );
  const executeCode = readFlag(execute_code, 'execute_code');
  const fileIds = [...new Set([...(attachedFiles ?? []), ...ofMessages])];
  const messagesExtended = messages.some((message) => 'file_ids' in message);
  const tools: unknown[] = Array.isArray(plain['tools']) ? plain['tools'] : [];
  const namesServerTools = tool_resources !== undefined || tools.some(runsHere);
  return {
    plain: { ...plain, messages: messagesExtended ? messages.map(withoutFileIds) : messages },
    model: readModel(plain['model']),
    stream: readFlag(plain['stream'], 'stream') ?? false,
    includeUsage: isPlainObject(plain['stream_options']) && plain['stream_options']['include_usage'] === true,
    fileIds,
    attachedFiles,
    executeCode,
    agentType: readAgentType(agent_type),
    sessionId: readSessionId(session_id),
    tools,
    namesServerTools,
    toolResources: tool_resources,
    store,
    extended: EXTENSIONS.some((name) => name in body) || messagesExtended || namesServerTools,
  };
}

function readStore({ store, metadata }: Record<string, unknown>): ChatBody['store'] {
  if (readFlag(store, 'store') !== true) return null;
  const problem = metadata === undefined || metadata === null ? null : metadataProblem(metadata);
  if (problem) {
    const text = problem.text.replaceAll('$path', () => 'metadata');
    throw invalidRequest(text, `metadata${problem.place ?? ''}`, problem.code);
  }
  return { metadata: (metadata as Metadata | null | undefined) ?? {} };
}

/** Keeping the answer is our work, and not every model server takes the fields. */
function withoutStore({ store: _, metadata: __, ...body }: Record<string, unknown>): Record<string, unknown> {
  return body;
}

function runsHere(tool: unknown): boolean {
  return isPlainObject(tool) && typeof tool['type'] === 'string' && !CLIENT_TYPES.has(tool['type']);
}

function withoutFileIds({ file_ids: _, ...message }: Record<string, unknown>): Record<string, unknown> {
  return message;
}

function readMessages(value: unknown): Record<string, unknown>[] {
  if (value === undefined) {
    throw invalidRequest("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
  }
  if (!Array.isArray(value)) throw invalidType('messages', 'an array of objects');
  if (value.length === 0) {
    throw invalidRequest(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    );
  }
  return value.map((message: unknown, index) => {
    if (!isPlainObject(message)) throw invalidType(`messages[${index}]`, 'an object');
    if (typeof message['role'] !== 'string') {
      throw invalidRequest(
        `Missing required parameter: 'messages[${index}].role'.`,
        `messages[${index}].role`,
        'missing_required_parameter',
      );
    }
    return message;
  });
}

function readModel(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalidType('model', 'a string');
  return value;
}

function readFlag(value: unknown, name: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalidType(name, 'a boolean');
  return value;
}

function readAgentType(value: unknown): AgentType | undefined {
  if (value === undefined || value === null) return undefined;
  const type = AGENT_TYPES.find((candidate) => candidate === value);
  if (type !== undefined) return type;
  const expected = AGENT_TYPES.map((candidate) => `'${candidate}'`).join(', ');
  throw invalidRequest(
    `Invalid value for 'agent_type'. Supported values are: ${expected}.`,
    'agent_type',
    'invalid_value',
  );
}

function readSessionId(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isId(value)) throw invalidType('session_id', 'the id of a session');
  return value;
}

const MOST_FILES = 500;
const LONGEST_ID = 128;

function readFileIds(value: unknown, name: string): string[] | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || value.length > MOST_FILES || !value.every(isId)) {
    throw invalidType(name, `an array of at most ${MOST_FILES} file ids`);
  }
  return value;
}

function isId(value: unknown): value is string {
  return textProblem(value, { min: 1, max: LONGEST_ID }) === null;
}

function invalidType(name: string, expected: string): Error {
  return invalidRequest(`Invalid type for '${name}': expected ${expected}.`, name, 'invalid_type');
}
