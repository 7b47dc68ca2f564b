import type { AssistantRecord } from '../assistants/index.js';
import type { CreateRunDto } from './dto/run.dto.js';
import { newRun } from './new-run.js';

const ASSISTANT: AssistantRecord = {
  id: 'asst_1',
  projectId: 'proj_1',
  createdAt: new Date(0),
  name: null,
  description: null,
  model: 'of-assistant',
  instructions: 'Be kind.',
  tools: [],
  toolResources: {},
  fileIds: [],
  metadata: { of: 'assistant' },
  temperature: 0.2,
  topP: 0.3,
  responseFormat: { type: 'json_object' },
  reasoningEffort: 'low',
  agentType: null,
};

const make = (body: Partial<CreateRunDto> = {}, assistant: Partial<AssistantRecord> = {}): ReturnType<typeof newRun> =>
  newRun({
    id: 'run_1',
    threadId: 'thread_1',
    assistant: { ...ASSISTANT, ...assistant },
    body: { assistant_id: 'asst_1', ...body },
    tools: [{ type: 'code_interpreter' }],
    toolResources: { code_interpreter: { file_ids: ['file-1'] } },
  });

test('a new run waits, for ten minutes at most, with what the assistant says', () => {
  const run = make();
  expect(run).toMatchObject({
    status: 'queued',
    model: 'of-assistant',
    instructions: 'Be kind.',
    tools: [{ type: 'code_interpreter' }],
    toolResources: { code_interpreter: { file_ids: ['file-1'] } },
    metadata: {},
    temperature: 0.2,
    topP: 0.3,
    maxPromptTokens: null,
    maxCompletionTokens: null,
    truncationStrategy: { type: 'auto', last_messages: null },
    toolChoice: 'auto',
    parallelToolCalls: true,
    responseFormat: { type: 'json_object' },
    reasoningEffort: 'low',
    usage: null,
    startedAt: null,
    leaseOwner: null,
    claims: 0,
  });
  expect(Number(run.expiresAt) - Number(run.createdAt)).toBe(600_000);
});

test('what the request says goes before, zero and false included', () => {
  const said = {
    model: 'asked',
    metadata: { a: 'b' },
    temperature: 0,
    top_p: 0,
    max_prompt_tokens: 300,
    max_completion_tokens: 400,
    truncation_strategy: { type: 'last_messages', last_messages: 3 },
    tool_choice: 'none',
    parallel_tool_calls: false,
    response_format: 'auto',
    reasoning_effort: 'none',
  } as const;
  expect(make(said)).toMatchObject({
    model: 'asked',
    metadata: { a: 'b' },
    temperature: 0,
    topP: 0,
    maxPromptTokens: 300,
    maxCompletionTokens: 400,
    truncationStrategy: { type: 'last_messages', last_messages: 3 },
    toolChoice: 'none',
    parallelToolCalls: false,
    responseFormat: 'auto',
    reasoningEffort: 'none',
  });
});

test('null counts as not said', () => {
  const body = { model: null, temperature: null, response_format: null, truncation_strategy: null, metadata: null };
  expect(make(body)).toEqual({ ...make(), createdAt: expect.any(Date), expiresAt: expect.any(Date) });
});

test.each([
  [undefined, undefined, 'Be kind.'],
  [null, null, 'Be kind.'],
  ['Be short.', undefined, 'Be short.'],
  ['', undefined, null],
  [undefined, 'And quick.', 'Be kind.\n\nAnd quick.'],
  ['Be short.', 'And quick.', 'Be short.\n\nAnd quick.'],
  ['', 'And quick.', 'And quick.'],
])('instructions %j and additional ones %j make %j', (instructions, additional_instructions, made) => {
  expect(make({ instructions, additional_instructions }).instructions).toBe(made);
});

test('no instructions at all are null', () => {
  expect(make({}, { instructions: null }).instructions).toBeNull();
  expect(make({}, { responseFormat: null }).responseFormat).toBe('auto');
});
