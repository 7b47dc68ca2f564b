import { createValidationPipe } from '../../common/validation/index.js';
import { aMessage, NOON, NOON_SECONDS } from '../../../test/builders/run-records.js';
import { CreateMessageDto } from './dto/message.dto.js';
import { toAttachments, toContent, toWireMessage } from './message.mapper.js';

describe('a message on the wire', () => {
  test("has every field, also for a user's message", () => {
    expect(toWireMessage(aMessage())).toEqual({
      id: 'msg_1',
      object: 'thread.message',
      created_at: NOON_SECONDS,
      assistant_id: null,
      thread_id: 'thread_1',
      run_id: null,
      role: 'user',
      status: 'completed',
      incomplete_details: null,
      completed_at: NOON_SECONDS,
      incomplete_at: null,
      content: [{ type: 'text', text: { value: 'hello', annotations: [] } }],
      attachments: [],
      metadata: {},
    });
  });

  test('tells why it is incomplete, and the files of the extension', () => {
    const message = aMessage({
      status: 'incomplete',
      incompleteReason: 'run_cancelled',
      incompleteAt: NOON,
      completedAt: null,
      fileIds: ['file-1'],
    });
    expect(toWireMessage(message)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'run_cancelled' },
      incomplete_at: NOON_SECONDS,
      completed_at: null,
      file_ids: ['file-1'],
    });
  });
});

describe('content as requests give it', () => {
  const read = async (content: unknown): Promise<unknown> => {
    const body: unknown = await createValidationPipe().transform(
      { role: 'user', content },
      { type: 'body', metatype: CreateMessageDto },
    );
    return toContent((body as CreateMessageDto).content);
  };

  test.each([
    ['a string', 'hi', [{ type: 'text', text: { value: 'hi', annotations: [] } }]],
    ['a text part', [{ type: 'text', text: 'hi' }], [{ type: 'text', text: { value: 'hi', annotations: [] } }]],
    [
      'an image file',
      [{ type: 'image_file', image_file: { file_id: 'file-1' } }],
      [{ type: 'image_file', image_file: { file_id: 'file-1', detail: 'auto' } }],
    ],
    [
      'an image file with a detail of null',
      [{ type: 'image_file', image_file: { file_id: 'file-1', detail: null } }],
      [{ type: 'image_file', image_file: { file_id: 'file-1', detail: 'auto' } }],
    ],
    [
      'an image on the web',
      [{ type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'high' } }],
      [{ type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'high' } }],
    ],
  ])('%s', async (_, content, kept) => {
    expect(await read(content)).toEqual(kept);
  });
});

test.each([
  [undefined, []],
  [null, []],
  [[{ file_id: 'f' }], [{ file_id: 'f', tools: [] }]],
  [[{ file_id: 'f', tools: null }], [{ file_id: 'f', tools: [] }]],
  [[{ file_id: 'f', tools: [{ type: 'file_search' as const }] }], [{ file_id: 'f', tools: [{ type: 'file_search' }] }]],
])('attachments %j are %j', (given, kept) => {
  expect(toAttachments(given)).toEqual(kept);
});
