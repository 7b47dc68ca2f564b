import { createHmac, hkdfSync } from 'node:crypto';
import type { DoneJob } from './done-job.js';
import { downloadFile, listThreadFiles, type ThreadFile } from './thread-files.js';

/** Another id in any case, also where the character that is changed was a 0. */
function otherThread(_start: string, first: string): string {
  return `/thread_${first === '0' ? '1' : '0'}`;
}

/** The server of signed URLs, seen from outside after the main job. */
export function describeFileServer(jobOf: () => DoneJob, secret: string): void {
  const chart = async (): Promise<ThreadFile> => {
    const { client, thread } = jobOf();
    const found = (await listThreadFiles(client, thread.id)).find(({ name }) => name === 'sales_chart.png');
    if (!found) throw new Error('The thread has no chart.');
    return found;
  };

  it('gives out each file of the thread by its signed URL, byte for byte', async () => {
    const { client, thread } = jobOf();
    for (const file of await listThreadFiles(client, thread.id)) {
      const answer = await fetch(file.url);
      expect(answer.status).toBe(200);
      const bytes = Buffer.from(await answer.arrayBuffer());
      expect(bytes.equals(await downloadFile(client, file.id))).toBe(true);
      expect(bytes).toHaveLength(file.size);
    }
  });

  it.each<[string, (url: URL) => void]>([
    ['another signature', (url) => url.searchParams.set('signature', 'A'.repeat(43))],
    ['no signature', (url) => url.searchParams.delete('signature')],
    ['no query', (url) => (url.search = '')],
    ['a later end', (url) => url.searchParams.set('expires', String(Number(url.searchParams.get('expires')) + 1))],
    ['the name of another file', (url) => (url.pathname = url.pathname.replace('_chart.png', '_summary.csv'))],
    ['another thread', (url) => (url.pathname = url.pathname.replace(/^\/thread_(.)/, otherThread))],
    ['the folder', (url) => (url.pathname = url.pathname.replace(/[^/]+$/, ''))],
    ['the thread', (url) => (url.pathname = `/${url.pathname.split('/')[1] ?? ''}`)],
    ['the root', (url) => (url.pathname = '/')],
    ['the secrets', (url) => (url.pathname = url.pathname.replace(/[^/]+$/, '..%2f..%2fsecrets%2ftoken-key'))],
  ])('refuses a URL with %s', async (_title, change) => {
    const url = new URL((await chart()).url);
    change(url);
    const answer = await fetch(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('Not found\n');
  });

  it('refuses a URL of its own whose time is over', async () => {
    const url = new URL((await chart()).url);
    const key = Buffer.from(hkdfSync('sha256', secret, '', 'threadmill/file-urls', 32));
    const sign = (expires: number): string =>
      createHmac('sha256', key).update(`${expires} ${url.pathname}`).digest('base64url');
    const [past, future] = [-1, 60].map((seconds) => Math.floor(Date.now() / 1000) + seconds);
    for (const [expires, status] of [
      [past, 403],
      [future, 200],
    ] as const) {
      url.search = new URLSearchParams({ expires: String(expires), signature: sign(expires ?? 0) }).toString();
      expect((await fetch(url)).status).toBe(status);
    }
  });
}
