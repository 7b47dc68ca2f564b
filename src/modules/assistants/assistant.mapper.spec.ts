import { NOON, NOON_SECONDS } from '../../../test/builders/run-records.js';
import { toWireAssistant } from './assistant.mapper.js';
import type { AssistantRecord } from './assistants.types.js';

const ASSISTANT: AssistantRecord = {
  id: 'asst_1',
  projectId: 'proj_1',
  createdAt: NOON,
  name: null,
  description: null,
  model: 'demo',
  instructions: null,
  tools: [{ type: 'code_interpreter' }],
  toolResources: {},
  fileIds: [],
  metadata: {},
  temperature: null,
  topP: null,
  responseFormat: null,
  reasoningEffort: null,
  agentType: null,
};

test("what was not said has the wire's defaults", () => {
  expect(toWireAssistant(ASSISTANT)).toEqual({
    id: 'asst_1',
    object: 'assistant',
    created_at: NOON_SECONDS,
    name: null,
    description: null,
    model: 'demo',
    instructions: null,
    tools: [{ type: 'code_interpreter' }],
    tool_resources: {},
    metadata: {},
    temperature: 1,
    top_p: 1,
    response_format: 'auto',
    reasoning_effort: null,
  });
});

test.each([
  [{ temperature: 0 }, { temperature: 0 }],
  [{ topP: 0 }, { top_p: 0 }],
  [{ responseFormat: { type: 'json_object' } } as const, { response_format: { type: 'json_object' } }],
  [{ fileIds: ['file-1'] }, { file_ids: ['file-1'] }],
  [{ reasoningEffort: 'high' } as const, { reasoning_effort: 'high' }],
])('%j is told as %j', (record, wire) => {
  expect(toWireAssistant({ ...ASSISTANT, ...record })).toMatchObject(wire);
});
