import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zip } from '../builders/documents/zip.js';
import { describeWith } from '../support/requirements.js';
import { runPython, SandboxAdmin } from './support/sandbox-view.js';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.js';

const START_MS = 180_000;

/** As pip does it where there is no pip: reads the index, fetches the wheel, unpacks it where imports are looked for. */
const INSTALL = `
import importlib.util, os, subprocess, sys
INDEX = "http://127.0.0.2:PORT/simple/"
if importlib.util.find_spec("pip"):
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--trusted-host", "127.0.0.2", "--index-url", INDEX, "greeting"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode: print(done.stdout, done.stderr)
else:
    import io, re, urllib.parse, urllib.request, zipfile
    page = urllib.request.urlopen(INDEX + "greeting/").read().decode()
    url = urllib.parse.urljoin(INDEX + "greeting/", re.search('href="([^"#]+)', page)[1])
    zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(url).read())).extractall(os.environ["PIP_TARGET"])
import greeting
print(greeting.greet())`;

const FORBIDDEN = `
import urllib.request
try:
    print(urllib.request.urlopen("http://127.0.0.2:PORT/secret").read())
except OSError as error:
    print(error)`;

describeWith('bubblewrap', 'code that may reach a host', () => {
  let folder: string;
  let index: Server;
  let forbidden: Server;
  let scripted: ScriptedServer;
  const visits: string[] = [];
  const portOf = (server: Server): number => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    const wheel = makeWheel();
    index = await serve((url) => {
      visits.push(url);
      if (url === '/simple/greeting/') return '<a href="../../greeting-1.0-py3-none-any.whl">greeting-1.0</a>';
      return url === '/greeting-1.0-py3-none-any.whl' ? wheel : undefined;
    });
    forbidden = await serve(() => {
      visits.push('forbidden');
      return 'secret';
    });
    folder = await mkdtemp(join(tmpdir(), 'threadmill-egress-'));
    const rule = { hosts: [`127.0.0.2:${portOf(index)}`], private_addresses: true };
    await writeFile(join(folder, 'config.yaml'), JSON.stringify({ sandbox: { egress: { '*': rule } } }));
    scripted = await startScriptedServer({
      env: { SANDBOX_PROVIDER: 'bubblewrap', THREADMILL_CONFIG: join(folder, 'config.yaml'), LOG_LEVEL: 'info' },
    });
  }, START_MS);
  afterAll(async () => {
    await scripted.stop();
    index.close();
    forbidden.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'installs a package from an index there, and reaches nothing else; each request is in the log',
    async () => {
      const { server, models } = scripted;
      const admin = await SandboxAdmin.of(scripted);
      const threadId = await scripted.newThread();
      // What code may reach is told to the model as soon as the tier is known.
      await runPython(scripted, threadId, 'None');
      expect(await runPython(scripted, threadId, INSTALL.replace('PORT', String(portOf(index))))).toBe(
        'hello from the index\n',
      );
      expect(visits).toContain('/greeting-1.0-py3-none-any.whl');
      expect(await runPython(scripted, threadId, FORBIDDEN.replace('PORT', String(portOf(forbidden))))).toContain(
        '403',
      );
      expect(visits).not.toContain('forbidden');

      const told = JSON.stringify(models.requests.at(-1));
      expect(told).toContain(`127.0.0.2:${portOf(index)}. Nothing else can be reached.`);

      const [session] = (await admin.view()).sessions;
      const lines = linesOf(server.logs);
      expect(lines).toContainEqual(
        expect.objectContaining({ verdict: 'allowed', host: '127.0.0.2', port: portOf(index), session: session?.id }),
      );
      expect(lines).toContainEqual(
        expect.objectContaining({ verdict: 'refused', reason: 'not allowed', port: portOf(forbidden) }),
      );
      expect(lines.every(({ project }) => String(project).startsWith('proj_'))).toBe(true);
      expect((await admin.view()).egress).toMatchObject({
        in_force: true,
        rules: [{ project_id: '*', hosts: [`127.0.0.2:${portOf(index)}`], private_addresses: true }],
        refused_requests: 1,
      });
    },
    START_MS,
  );
});

/** A package as indexes have it (PEP 427). */
function makeWheel(): Buffer {
  const info = 'greeting-1.0.dist-info';
  return zip([
    { name: 'greeting.py', content: 'def greet():\n    return "hello from the index"\n' },
    { name: `${info}/METADATA`, content: 'Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n' },
    {
      name: `${info}/WHEEL`,
      content: 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    },
    { name: `${info}/RECORD`, content: `greeting.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n` },
  ]);
}

async function serve(answer: (url: string) => string | Buffer | undefined): Promise<Server> {
  const server = createServer((request, response) => {
    const content = answer(request.url ?? '');
    response.writeHead(content === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(content);
  }).listen(0, '127.0.0.2');
  await once(server, 'listening');
  return server;
}

function linesOf(logs: string): Record<string, unknown>[] {
  return logs
    .split('\n')
    .filter((line) => line.includes('"context":"Egress"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
