import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FilesModule } from '../../../src/modules/files/index.js';
import { Database } from '../../../src/database/database.js';
import { eventually } from '../../support/eventually.js';
import { answerOf, beginUpload, FORM_END, partHead, writeAll } from '../../support/raw-upload.js';
import { filesInBlobStore } from '../../support/stored-files.js';
import { startTestingApp, type TestingApp } from '../../support/testing-app.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEBIBYTE = 1024 * 1024;
const CHUNK = Buffer.alloc(64 * 1024, 7);
const CHUNKS_PER_MEBIBYTE = MEBIBYTE / CHUNK.length;

describe('a large upload', () => {
  let testing: TestingApp;
  let token: string;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [FilesModule], environment: { MAX_FILE_SIZE_MB: '256' } });
    token = await testing.signUp('alice');
  });
  afterAll(() => testing?.close());

  const countRows = async (): Promise<number> => {
    const [row] = await testing.app.get(Database).manager.query('SELECT count(*)::int AS count FROM files');
    return row.count as number;
  };
  const stored = () => filesInBlobStore(testing.config.DATA_DIR);

  /** What is held, after a collection: a busy machine lets garbage lie for long, and that is not the server's doing. */
  function heldMemory(): number {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  }

  it('goes to the disk without being held in memory', async () => {
    const upload = async (mebibytes: number): Promise<number> => {
      const before = heldMemory();
      const request = beginUpload(testing.url, token);
      request.write(partHead('purpose') + 'assistants\r\n' + partHead('file', 'large.bin'));
      await writeAll(request, CHUNK, mebibytes * CHUNKS_PER_MEBIBYTE);
      // All but the form's end has been sent: whoever buffers a file holds the whole of it now.
      const held = (heldMemory() - before) / MEBIBYTE;
      request.end(FORM_END);
      const answer = await answerOf(request);
      expect(answer).toMatchObject({ status: 200, body: { bytes: mebibytes * MEBIBYTE } });
      return held;
    };
    await upload(20);
    const held = await upload(200);
    console.log(`Of a 200 MiB upload ${held.toFixed(0)} MiB were held, its client in the same process.`);
    expect(held).toBeLessThan(50);
  });

  it('over the limit is answered although the client is still sending, and keeps nothing', async () => {
    const [rows, files] = [await countRows(), await stored()];
    const request = beginUpload(testing.url, token);
    request.write(partHead('file', 'endless.bin'));
    const answering = answerOf(request);
    await writeAll(request, CHUNK, 300 * CHUNKS_PER_MEBIBYTE);
    request.end(FORM_END);
    expect(await answering).toMatchObject({ status: 413, body: { error: { code: 'file_too_large' } } });
    expect([await countRows(), await stored()]).toEqual([rows, files]);
  });

  it('that announces too many bytes is refused before it is sent', async () => {
    const request = beginUpload(testing.url, token, 600 * MEBIBYTE);
    request.on('error', () => undefined);
    request.write(partHead('file', 'announced.bin'));
    expect(await answerOf(request)).toMatchObject({ status: 413 });
    request.destroy();
  });

  it('that is broken off leaves no row, no blob and no temporary file', async () => {
    const [rows, files] = [await countRows(), await stored()];
    const request = beginUpload(testing.url, token);
    request.on('error', () => undefined);
    request.write(partHead('purpose') + 'assistants\r\n' + partHead('file', 'half.bin'));
    await writeAll(request, CHUNK, 5 * CHUNKS_PER_MEBIBYTE);
    await eventually(async () => expect(await stored()).toHaveLength(files.length + 1));
    request.destroy();
    await eventually(async () => expect(await stored()).toEqual(files));
    expect(await countRows()).toBe(rows);
  });

  it('that is broken off after the file, within the form, leaves nothing', async () => {
    const [rows, files] = [await countRows(), await stored()];
    const request = beginUpload(testing.url, token);
    request.on('error', () => undefined);
    request.write(`${partHead('file', 'whole.bin')}content\r\n${partHead('purpose')}assis`);
    await eventually(async () => expect(await stored()).toHaveLength(files.length + 1));
    await wait(50);
    request.destroy();
    await eventually(async () => expect(await stored()).toEqual(files));
    expect(await countRows()).toBe(rows);
  });

  it('does not hinder other uploads of the same connection pool', async () => {
    for (let round = 0; round < 3; round += 1) {
      const form = testing.request.post('/v1/files').set('authorization', `Bearer ${token}`);
      await form.attach('file', Buffer.from('small'), 'small.txt').expect(200);
    }
  });
});
