import type { MessageAttachment, WireMessageContent } from '@libs/openai-wire';
import { codeFilesOfMessage, filesOfMessage, withCodeFiles } from './message-files.js';

const attached = (file_id: string, ...types: ('code_interpreter' | 'file_search')[]): MessageAttachment => ({
  file_id,
  tools: types.map((type) => ({ type })),
});
const CONTENT: WireMessageContent[] = [
  { type: 'text', text: { value: 'x', annotations: [] } },
  { type: 'image_file', image_file: { file_id: 'i1' } },
  { type: 'image_url', image_url: { url: 'https://x' } },
];

test('every file is named once', () => {
  const attachments = [attached('a1'), attached('i1', 'file_search')];
  expect(filesOfMessage(CONTENT, attachments, ['a1', 'e1'])).toEqual(['i1', 'a1', 'e1']);
  expect(filesOfMessage([], [], [])).toEqual([]);
});

test('code reads what is attached for it, and the files of the extension', () => {
  const attachments = [
    attached('none'),
    attached('search', 'file_search'),
    attached('both', 'file_search', 'code_interpreter'),
    attached('code', 'code_interpreter'),
  ];
  expect(codeFilesOfMessage(attachments, ['code', 'extra'])).toEqual(['both', 'code', 'extra']);
});

describe("the thread's resources", () => {
  const search = { file_search: { vector_store_ids: ['vs_1'] } };

  test('stay the same object where nothing comes', () => {
    expect(withCodeFiles(search, [])).toBe(search);
  });

  test.each([
    [{}, ['a'], ['a']],
    [{ code_interpreter: { file_ids: ['a'] } }, ['b', 'a'], ['a', 'b']],
  ])('%j and %j', (resources, files, all) => {
    expect(withCodeFiles({ ...search, ...resources }, files)).toEqual({
      ...search,
      code_interpreter: { file_ids: all },
    });
  });
});
