import { NOON, NOON_SECONDS } from '../../../test/builders/run-records.js';
import { toWireThreadFile } from './thread-file.mapper.js';
import { toWireThread } from './thread.mapper.js';

const THREAD = {
  id: 'thread_1',
  projectId: 'proj_1',
  createdAt: NOON,
  toolResources: {},
  fileIds: [] as string[],
  metadata: { a: 'b' },
  activeRunId: 'run_1',
};

test('a thread tells its wire fields and no more', () => {
  expect(toWireThread(THREAD)).toEqual({
    id: 'thread_1',
    object: 'thread',
    created_at: NOON_SECONDS,
    metadata: { a: 'b' },
    tool_resources: {},
  });
});

test('files of the extension are told where there are some', () => {
  expect(toWireThread({ ...THREAD, fileIds: ['file-1'] })).toMatchObject({ file_ids: ['file-1'] });
});

test('a file of a thread bears both of the names that the seeds read', () => {
  const file = { fileId: 'file-1', name: 'a.csv', bytes: 12, url: 'http://x/a.csv', createdAt: NOON };
  expect(toWireThreadFile(file as Parameters<typeof toWireThreadFile>[0])).toEqual({
    id: 'file-1',
    object: 'file',
    filename: 'a.csv',
    name: 'a.csv',
    size: 12,
    url: 'http://x/a.csv',
    created_at: NOON_SECONDS,
  });
});
