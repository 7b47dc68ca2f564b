import { WireError } from '@libs/openai-wire';
import { createValidationPipe } from '../../../common/validation/index.js';
import { CreateAssistantDto } from '../../assistants/dto/assistant.dto.js';
import { CreateThreadDto } from '../../threads/index.js';
import { CreateRunDto, CreateThreadAndRunDto, SubmitToolOutputsDto } from './run.dto.js';

type BodyClass = new () => object;
const pipe = createValidationPipe();
const take = (metatype: BodyClass, value: unknown): Promise<unknown> =>
  pipe.transform(value, { type: 'body', metatype });

const RUN = { assistant_id: 'asst_1' };
const TEXT = { role: 'user', content: 'hi' };
const part = (...content: unknown[]): object => ({ messages: [{ role: 'user', content }] });
const fn = (definition: unknown): object => ({ model: 'm', tools: [{ type: 'function', function: definition }] });

describe('what the SDKs send is taken', () => {
  test.each<[BodyClass, object]>([
    [CreateRunDto, RUN],
    [CreateRunDto, { ...RUN, stream: true, additional_messages: [TEXT], additional_instructions: 'x' }],
    [CreateRunDto, { ...RUN, tool_choice: { type: 'function', function: { name: 'f' } }, response_format: 'auto' }],
    [CreateRunDto, { ...RUN, response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {} } } }],
    [CreateRunDto, { ...RUN, model: null, tools: null, temperature: null, truncation_strategy: null, stream: null }],
    [CreateThreadAndRunDto, { ...RUN, thread: { messages: [TEXT] }, tool_resources: { code_interpreter: {} } }],
    [CreateThreadDto, {}],
    [CreateThreadDto, { messages: [{ ...TEXT, attachments: [{ file_id: 'f', tools: [{ type: 'file_search' }] }] }] }],
    [CreateAssistantDto, fn({ name: 'f', parameters: { type: 'object', properties: { constructor: {} } } })],
    [SubmitToolOutputsDto, { tool_outputs: [{ tool_call_id: 'c' }, { tool_call_id: 'c', output: '' }] }],
    [SubmitToolOutputsDto, { tool_outputs: [] }],
  ])('%p %j', async (metatype, body) => {
    await expect(take(metatype, body)).resolves.toBeInstanceOf(metatype);
  });
});

describe('what is refused, and where', () => {
  test.each<[BodyClass, unknown, string, string]>([
    [CreateRunDto, {}, 'assistant_id', 'missing_required_parameter'],
    [CreateRunDto, { ...RUN, thread: {} }, 'thread', 'unknown_parameter'],
    [CreateThreadAndRunDto, { ...RUN, additional_messages: [] }, 'additional_messages', 'unknown_parameter'],
    [CreateRunDto, { ...RUN, max_completion_tokens: 255 }, 'max_completion_tokens', 'integer_below_min_value'],
    [CreateRunDto, { ...RUN, temperature: 2.1 }, 'temperature', 'decimal_above_max_value'],
    [CreateRunDto, { ...RUN, stream: 'true' }, 'stream', 'invalid_type'],
    [CreateRunDto, { ...RUN, tool_choice: 'any' }, 'tool_choice', 'invalid_value'],
    [CreateRunDto, { ...RUN, tool_choice: { type: 'function' } }, 'tool_choice.function', 'invalid_type'],
    [CreateRunDto, { ...RUN, tool_choice: { type: 'f' } }, 'tool_choice.type', 'invalid_value'],
    [CreateRunDto, { ...RUN, response_format: 'json' }, 'response_format', 'invalid_value'],
    [CreateRunDto, { ...RUN, response_format: { type: 'x' } }, 'response_format.type', 'invalid_value'],
    [
      CreateRunDto,
      { ...RUN, response_format: { type: 'json_schema', json_schema: { name: 'a b' } } },
      'response_format.json_schema.name',
      'invalid_value',
    ],
    [
      CreateRunDto,
      { ...RUN, additional_messages: [{ role: 'x', content: 'a' }] },
      'additional_messages[0].role',
      'invalid_value',
    ],
    [CreateThreadDto, { messages: [{ role: 'user' }] }, 'messages[0].content', 'missing_required_parameter'],
    [
      CreateThreadDto,
      { messages: [{ role: 'user', content: null }] },
      'messages[0].content',
      'missing_required_parameter',
    ],
    [CreateThreadDto, { messages: [{ role: 'user', content: 5 }] }, 'messages[0].content', 'invalid_type'],
    [CreateThreadDto, { messages: [TEXT, null] }, 'messages[1]', 'invalid_type'],
    [CreateThreadDto, part(), 'messages[0].content', 'array_below_min_length'],
    [CreateThreadDto, part(null), 'messages[0].content[0]', 'invalid_type'],
    [CreateThreadDto, part('text'), 'messages[0].content[0]', 'invalid_type'],
    [CreateThreadDto, part({}), 'messages[0].content[0].type', 'missing_required_parameter'],
    [CreateThreadDto, part({ type: 'video' }), 'messages[0].content[0].type', 'invalid_value'],
    [CreateThreadDto, part({ type: 'text', text: { value: 'x' } }), 'messages[0].content[0].text', 'invalid_type'],
    [CreateThreadDto, part({ type: 'text', text: 'a\0' }), 'messages[0].content[0].text', 'invalid_value'],
    [CreateThreadDto, part({ type: 'image_file' }), 'messages[0].content[0].image_file', 'missing_required_parameter'],
    [
      CreateThreadDto,
      part({ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }),
      'messages[0].content[0].image_url.url',
      'invalid_value',
    ],
    [CreateThreadDto, { messages: [{ ...TEXT, file_ids: [1] }] }, 'messages[0].file_ids[0]', 'invalid_type'],
    [CreateAssistantDto, { model: 'm', tools: [{ type: ['browser'] }] }, 'tools[0].type', 'invalid_type'],
    [
      CreateAssistantDto,
      { model: 'm', tools: [{ type: 'code_interpreter', x: 1 }] },
      'tools[0].x',
      'unknown_parameter',
    ],
    [CreateAssistantDto, fn(undefined), 'tools[0].function', 'missing_required_parameter'],
    [CreateAssistantDto, fn({ name: 'a b' }), 'tools[0].function.name', 'invalid_value'],
    [CreateAssistantDto, fn({ name: 'f', parameters: [] }), 'tools[0].function.parameters', 'invalid_type'],
    [CreateAssistantDto, { model: 'm', name: 'n'.repeat(257) }, 'name', 'string_above_max_length'],
    [
      CreateAssistantDto,
      { model: 'm', tool_resources: { file_search: { vector_store_ids: ['a', 'b'] } } },
      'tool_resources.file_search.vector_store_ids',
      'array_above_max_length',
    ],
    [SubmitToolOutputsDto, {}, 'tool_outputs', 'missing_required_parameter'],
    [SubmitToolOutputsDto, { tool_outputs: [{ output: 1 }] }, 'tool_outputs[0].output', 'invalid_type'],
  ])('%p %j: %s is %s', async (metatype, body, param, code) => {
    const outcome: unknown = await take(metatype, body).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(WireError);
    expect(outcome).toMatchObject({ status: 400, param, code });
    expect((outcome as WireError).message).not.toContain('$path');
  });
});
