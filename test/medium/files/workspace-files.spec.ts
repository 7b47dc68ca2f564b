import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TenantScope } from '../../../src/common/principal.js';
import { ServerSecrets } from '../../../src/common/secrets/index.js';
import { Database } from '../../../src/database/database.js';
import { FilesModule, FilesService, WorkspaceFilesService } from '../../../src/modules/files/index.js';
import { FileUrlSigner } from '../../../src/modules/files/file-server/file-url-signer.js';
import { describeOnEachEngine } from '../../support/engines.js';
import { filesInBlobStore } from '../../support/stored-files.js';
import { startTestingApp, type TestingApp } from '../../support/testing-app.js';

describeOnEachEngine('workspace files', (engine) => {
  let testing: TestingApp;
  let files: FilesService;
  let workspaces: WorkspaceFilesService;
  let alice: TenantScope;
  let bob: TenantScope;
  beforeAll(async () => {
    testing = await startTestingApp({ modules: [FilesModule], engine, environment: { MAX_FILE_SIZE_MB: '1' } });
    files = testing.app.get(FilesService, { strict: false });
    workspaces = testing.app.get(WorkspaceFilesService, { strict: false });
    const scopeOf = async (username: string) => testing.scopeOf(await testing.signUp(username));
    [alice, bob] = [await scopeOf('alice'), await scopeOf('bob')];
  });
  afterAll(() => testing?.close());

  let workspaceCount = 0;
  const newWorkspace = (): string => `thread_${engine}_${(workspaceCount += 1)}`;
  const create = (scope: TenantScope, filename: string, content = 'content') =>
    files.createFromStream(scope, {
      filename,
      purpose: 'assistants',
      content: Readable.from([Buffer.from(content)]),
      limitBytes: 1000,
    });
  const generate = (workspace: string, name: string, content = 'content') =>
    workspaces.addGenerated(alice, workspace, name, Readable.from([Buffer.from(content)]));
  const namesIn = async (workspace: string, scope = alice) =>
    (await workspaces.list(scope, workspace)).map(({ name }) => name);

  describe('attach', () => {
    it('gives files of one name names of their own, in the order asked for', async () => {
      const workspace = newWorkspace();
      const [first, second, third] = [
        await create(alice, 'data.csv'),
        await create(alice, 'data.csv'),
        await create(alice, 'data.csv'),
      ];
      const attached = await workspaces.attach(alice, workspace, [second.id, first.id]);
      expect(attached.map(({ name, fileId }) => [name, fileId])).toEqual([
        ['data.csv', second.id],
        ['data_1.csv', first.id],
      ]);
      await workspaces.attach(alice, workspace, [third.id]);
      expect(await namesIn(workspace)).toEqual(['data.csv', 'data_1.csv', 'data_2.csv']);
    });

    it('attaches a file once, however often it is named', async () => {
      const workspace = newWorkspace();
      const file = await create(alice, 'once.csv');
      const twice = await workspaces.attach(alice, workspace, [file.id, file.id]);
      expect(twice.map(({ name }) => name)).toEqual(['once.csv', 'once.csv']);
      await workspaces.attach(alice, workspace, [file.id]);
      expect(await namesIn(workspace)).toEqual(['once.csv']);
    });

    it('takes no name that a generated file has', async () => {
      const workspace = newWorkspace();
      await generate(workspace, 'report.txt');
      const [entry] = await workspaces.attach(alice, workspace, [(await create(alice, 'report.txt')).id]);
      expect(entry?.name).toBe('report_1.txt');
    });

    it('keeps names distinct where files come at once', async () => {
      const workspace = newWorkspace();
      const made = await Promise.all(Array.from({ length: 6 }, () => create(alice, 'same.csv')));
      await Promise.all(made.map(({ id }) => workspaces.attach(alice, workspace, [id])));
      expect((await namesIn(workspace)).sort()).toEqual([
        'same.csv',
        'same_1.csv',
        'same_2.csv',
        'same_3.csv',
        'same_4.csv',
        'same_5.csv',
      ]);
    });

    it('takes no file of another project, nor one that is missing, and then attaches none', async () => {
      const workspace = newWorkspace();
      const [own, foreign] = [await create(alice, 'own.csv'), await create(bob, 'foreign.csv')];
      await expect(workspaces.attach(alice, workspace, [own.id, foreign.id])).rejects.toThrow(
        `No such File object: ${foreign.id}`,
      );
      await expect(workspaces.attach(alice, workspace, [own.id, 'file-x'])).rejects.toThrow(
        'No such File object: file-x',
      );
      expect(await namesIn(workspace)).toEqual([]);
    });
  });

  describe('addGenerated', () => {
    it('makes a file of the project and an entry with a URL', async () => {
      const workspace = newWorkspace();
      const entry = await generate(workspace, 'plots/größe 1.png', 'picture');
      expect(entry).toMatchObject({ name: 'plots/größe 1.png', kind: 'generated', bytes: 7 });
      expect(entry.url).toMatch(
        new RegExp(
          `^http://localhost:\\d+/${workspace}/generated/plots/gr%C3%B6%C3%9Fe%201\\.png\\?expires=\\d+&signature=[\\w-]{43}$`,
        ),
      );
      expect(await files.get(alice, entry.fileId)).toMatchObject({
        filename: 'größe 1.png',
        purpose: 'assistants_output',
      });
      await expect(files.get(bob, entry.fileId)).rejects.toThrow('No such File object');
    });

    it('replaces an entry of the same name and keeps the former file', async () => {
      const workspace = newWorkspace();
      const former = await generate(workspace, 'a.txt', 'one');
      const latter = await generate(workspace, 'a.txt', 'two two');
      expect(latter.fileId).not.toBe(former.fileId);
      expect((await workspaces.list(alice, workspace)).map(({ fileId, bytes }) => [fileId, bytes])).toEqual([
        [latter.fileId, 7],
      ]);
      const { stream } = await files.openContent(alice, former.fileId);
      expect(await text(stream)).toBe('one');
    });

    it('leaves an uploaded file of the same name in place, and lists uploaded files first', async () => {
      const workspace = newWorkspace();
      await generate(workspace, 'b.txt');
      await workspaces.attach(alice, workspace, [(await create(alice, 'a.txt')).id]);
      await generate(workspace, 'a.txt', 'changed by code');
      const entries = await workspaces.list(alice, workspace);
      expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
        'uploaded a.txt',
        'generated b.txt',
        'generated a.txt',
      ]);
    });

    it('makes hostile names harmless', async () => {
      const workspace = newWorkspace();
      expect((await generate(workspace, '../../etc/cron.d/x')).name).toBe('etc/cron.d/x');
      expect((await generate(workspace, '\u202e\0..')).name).toBe('file');
    });

    it('refuses what is too large, and content that breaks off, and keeps nothing of them', async () => {
      const workspace = newWorkspace();
      const before = await filesInBlobStore(testing.config.DATA_DIR);
      const large = Readable.from([Buffer.alloc(2_000_000)]);
      await expect(workspaces.addGenerated(alice, workspace, 'a', large)).rejects.toMatchObject({ status: 413 });
      const broken = Readable.from(
        (function* () {
          yield Buffer.from('x');
          throw new Error('cut');
        })(),
      );
      await expect(workspaces.addGenerated(alice, workspace, 'a', broken)).rejects.toThrow('cut');
      expect(await namesIn(workspace)).toEqual([]);
      expect(await filesInBlobStore(testing.config.DATA_DIR)).toEqual(before);
    });

    it('keeps nothing where the database refuses', async () => {
      const before = await filesInBlobStore(testing.config.DATA_DIR);
      const nowhere: TenantScope = { projectId: 'proj_unknown' };
      const content = Readable.from([Buffer.from('x')]);
      await expect(workspaces.addGenerated(nowhere, newWorkspace(), 'a', content)).rejects.toThrow('foreign key');
      expect(await filesInBlobStore(testing.config.DATA_DIR)).toEqual(before);
    });
  });

  it('shows nothing of a workspace to another project', async () => {
    const workspace = newWorkspace();
    await generate(workspace, 'a.txt');
    expect(await namesIn(workspace, bob)).toEqual([]);
    await workspaces.removeWorkspace(bob, workspace);
    expect(await namesIn(workspace)).toEqual(['a.txt']);
  });

  it('loses the entries of deleted and of expired files', async () => {
    const workspace = newWorkspace();
    const [deleted, expired] = [await generate(workspace, 'deleted.txt'), await generate(workspace, 'expired.txt')];
    await files.delete(alice, deleted.fileId);
    const { manager } = testing.app.get(Database);
    await manager.query(`UPDATE files SET expires_at = now() - interval '1 second' WHERE id = $1`, [expired.fileId]);
    expect(await namesIn(workspace)).toEqual([]);
    expect((await get(deleted.url)).status).toBe(404);
    expect((await get(expired.url)).status).toBe(404);
  });

  interface Answer {
    status: number;
    headers: IncomingMessage['headers'];
    body: string;
  }

  /** Sends the path as it is: fetch would tidy it up first. */
  function get(url: string, path?: string, options: { method?: string; range?: string } = {}): Promise<Answer> {
    const { hostname, port, pathname, search } = new URL(url);
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          hostname: hostname === 'localhost' ? '127.0.0.1' : hostname,
          port,
          path: path ?? pathname + search,
          method: options.method ?? 'GET',
          headers: options.range === undefined ? {} : { range: options.range },
        },
        (response) => {
          const { statusCode: status = 0, headers } = response;
          text(response).then((body) => resolve({ status, headers, body }), reject);
        },
      );
      request.on('error', reject);
      request.end();
    });
  }

  describe('the file server', () => {
    const NOT_FOUND = { status: 404, body: 'Not found\n' };
    let workspace: string;
    let picture: string;
    let page: string;
    beforeAll(async () => {
      workspace = newWorkspace();
      picture = (await generate(workspace, 'plots/chart 1.png', 'not really a picture')).url;
      page = (await generate(workspace, 'page.html', '<script>alert(1)</script>')).url;
    });

    it('gives a picture to be shown in place', async () => {
      const answer = await get(picture);
      expect([answer.status, answer.body]).toEqual([200, 'not really a picture']);
      expect(answer.headers).toMatchObject({
        'content-type': 'image/png',
        'content-disposition': 'inline; filename="chart 1.png"',
        'content-length': '20',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'referrer-policy': 'no-referrer',
      });
    });

    it('gives everything else as a download of plain bytes', async () => {
      const { headers } = await get(page);
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toBe('attachment; filename=page.html');
    });

    it('gives uploaded files by their own URLs', async () => {
      const [entry] = await workspaces.attach(alice, workspace, [(await create(alice, 'up.csv', 'a,b')).id]);
      expect(entry?.url).toContain(`/${workspace}/uploads/up.csv?`);
      expect((await get(entry?.url ?? '')).body).toBe('a,b');
    });

    it('answers HEAD and ranges', async () => {
      const head = await get(picture, undefined, { method: 'HEAD' });
      expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '20']);
      const part = await get(picture, undefined, { range: 'bytes=0-2' });
      expect([part.status, part.body]).toEqual([206, 'not']);
      expect((await get(picture, undefined, { range: 'bytes=90-' })).status).toBe(416);
    });

    it('answers all else alike: 404 with the same body and headers', async () => {
      const signed = new URL(picture);
      const good = signed.pathname + signed.search;
      const bad = [
        '/',
        '/index.html',
        '/favicon.ico',
        `/${workspace}`,
        `/${workspace}/`,
        `/${workspace}/generated`,
        `/${workspace}/generated/`,
        signed.pathname,
        `${signed.pathname}?expires=9999999999&signature=AAAA`,
        good.replace('chart', 'chart2'),
        good.replace(/signature=./, 'signature='),
        good.replace(/expires=\d/, 'expires=9'),
        good.replace('/generated/', '/uploads/'),
        good.replace('/generated/plots/', '/generated/plots/../plots/'),
        good.replace('/generated/plots/', '/generated/plots/%2e%2e/plots/'),
        '/../../../../etc/passwd',
        `/${workspace}/generated/../../../etc/passwd`,
        `/${workspace}/generated/%2e%2e/%2e%2e/etc/passwd`,
        `/${workspace}/generated/..%2f..%2fetc%2fpasswd`,
        `/${workspace}/generated/%`,
        `/${workspace}/generated/a%00b`,
        '//evil/generated/x',
      ];
      const { headers: expected } = await get(picture, '/');
      for (const path of bad) {
        const answer = await get(picture, path);
        expect({ path, status: answer.status, body: answer.body }).toEqual({ path, ...NOT_FOUND });
        expect({ ...answer.headers, date: '' }).toEqual({ ...expected, date: '' });
      }
      for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
        expect(await get(picture, undefined, { method })).toMatchObject(NOT_FOUND);
      }
    });

    it('answers 404 for a well signed URL of a file that never was', async () => {
      const key = testing.app.get(ServerSecrets).deriveKey('file-urls');
      const path = new FileUrlSigner(key).sign(
        { workspaceId: workspace, kind: 'generated', name: 'no.txt' },
        4_000_000_000,
      );
      expect(await get(picture, path)).toMatchObject(NOT_FOUND);
    });

    it('answers 403 once the time of a URL is over', async () => {
      const key = testing.app.get(ServerSecrets).deriveKey('file-urls');
      const address = { workspaceId: workspace, kind: 'generated', name: 'page.html' } as const;
      const lastSecond = Math.floor(Date.now() / 1000) - 1;
      const answer = await get(page, new FileUrlSigner(key).sign(address, lastSecond));
      expect([answer.status, answer.body]).toEqual([403, 'This link has expired.\n']);
      expect((await get(page, new FileUrlSigner(key).sign(address, lastSecond + 60))).status).toBe(200);
    });

    it('ends the URLs of a workspace that is removed, and keeps its files', async () => {
      const removed = newWorkspace();
      const { url, fileId } = await generate(removed, 'a.txt');
      await workspaces.removeWorkspace(alice, removed);
      expect(await get(url)).toMatchObject(NOT_FOUND);
      expect((await files.get(alice, fileId)).id).toBe(fileId);
    });

    it('survives a client that speaks no HTTP', async () => {
      const socket = connect(Number(new URL(picture).port), '127.0.0.1');
      socket.end('\0\0garbage\r\n\r\n');
      await text(socket);
      expect((await get(picture)).status).toBe(200);
    });
  });
});

describe('the port of the file server', () => {
  it('is told clearly when it is taken', async () => {
    const first = await startTestingApp({ modules: [FilesModule] });
    const [entry] = await urlsOf(first);
    const port = new URL(entry ?? '').port;
    await expect(startTestingApp({ modules: [FilesModule], environment: { HTTP_SERVER_PORT: port } })).rejects.toThrow(
      `Port ${port} is taken. Set HTTP_SERVER_PORT`,
    );
    await first.close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  it('is not in the URLs where FILE_SERVER_URL says otherwise', async () => {
    const environment = { FILE_SERVER_URL: 'https://files.example.org/base/' };
    const testing = await startTestingApp({ modules: [FilesModule], environment });
    const [url] = await urlsOf(testing);
    await testing.close();
    expect(url).toMatch(/^https:\/\/files\.example\.org\/base\/thread_a\/generated\/a\?expires=/);
  });

  async function urlsOf(testing: TestingApp): Promise<string[]> {
    const workspaces = testing.app.get(WorkspaceFilesService, { strict: false });
    return [workspaces.signedUrl('thread_a', { kind: 'generated', name: 'a' })];
  }
});
