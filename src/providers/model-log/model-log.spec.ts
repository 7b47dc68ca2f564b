import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelCallRecord } from '@libs/llm';
import { FileModelLog, type FileModelLogOptions } from './file-model-log.js';
import { redact } from './redaction.js';
import { isSampled } from './sampling.js';

describe('redact', () => {
  const jwt = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;
  it.each<[unknown, unknown]>([
    [
      { api_key: 'x', Authorization: 'y', max_tokens: 5, token: 7 },
      { api_key: '[redacted]', Authorization: '[redacted]', max_tokens: 5, token: 7 },
    ],
    [{ messages: [{ content: 'My key is sk-abcdefgh12345.' }] }, { messages: [{ content: 'My key is [redacted].' }] }],
    [`token ${jwt}!`, 'token [redacted]!'],
    ['Authorization: Bearer abcdefghijkl', 'Authorization: [redacted]'],
    ['the secret code 1234', 'the secret code [redacted]'],
    [`data:image/png;base64,${'A'.repeat(100)}`, 'data:image/png;[122 characters]'],
    ['{"a":1,"api_key": "x\\"y","b":2', '{"a":1,"api_key":"[redacted]","b":2'],
    ['data: {"Password":"abc', 'data: {"Password":"[redacted]"'],
    [{ arguments: '{"user_token":"t","tokens":"3"}' }, { arguments: '{"user_token":"[redacted]","tokens":"3"}' }],
    ['Authorization: Basic dXNlcjpwYXNzd29yZA==\nAccept: a', 'Authorization: [redacted]\nAccept: a'],
    ['sent Basic dXNlcjpwYXNz1A== to it; Basic knowledge', 'sent [redacted] to it; Basic knowledge'],
    ['X-Api-Key: abc\nCookie: a=b; c=d\nx', 'X-Api-Key: [redacted]\nCookie: [redacted]\nx'],
    ['OPENAI_API_KEY=abc DB_PASSWORD=def run', 'OPENAI_API_KEY=[redacted] DB_PASSWORD=[redacted] run'],
    ["{'api_key': 'abc', 'a': 'b'}", "{'api_key': '[redacted]', 'a': 'b'}"],
    [
      String.raw`{"arguments":"{\"api_key\": \"a\\\"b\", \"c\":\"d`,
      String.raw`{"arguments":"{\"api_key\":\"[redacted]\", \"c\":\"d`,
    ],
    ['https://ann:pass@host/a https://x.org/@me', 'https://[redacted]@host/a https://x.org/@me'],
    ['https://host/a?b=1&access_token=abc&key=def#g', 'https://host/a?b=1&access_token=[redacted]&key=[redacted]#g'],
    [`ghp_${'a1'.repeat(18)} AKIA${'B'.repeat(16)}`, '[redacted] [redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- x', '[redacted] x'],
    ['-----BEGIN PRIVATE KEY-----\nabc', '[redacted]'],
    [{ 'x-api-key': ['a', 'b'] }, { 'x-api-key': ['[redacted]', '[redacted]'] }],
    [
      { input_audio: { data: 'A'.repeat(300) }, data: 'A table' },
      { input_audio: { data: '[300 characters]' }, data: 'A table' },
    ],
    [`{"file":{"file_data":"${'A'.repeat(300)}`, '{"file":{"file_data":"[300 characters]'],
    ['The max_tokens: 5, a monkey=1, the token is short.', 'The max_tokens: 5, a monkey=1, the token is short.'],
    [null, null],
  ])('%j', (value, expected) => {
    expect(redact(value, [/\b\d{4}\b/g])).toEqual(expected);
  });

  it.each<[string, RegExp, unknown, unknown]>([
    ['every match of a text', /no\. \d+/g, 'no. 1 and no. 22', '[redacted] and [redacted]'],
    [
      'in nested texts, call after call',
      /ann/gi,
      [{ a: 'Ann' }, { a: 'ann' }],
      [{ a: '[redacted]' }, { a: '[redacted]' }],
    ],
    ['across lines', /BEGIN[\s\S]*END/g, 'x BEGIN\n1\nEND y', 'x [redacted] y'],
    ['nothing where nothing matches', /zzz/g, { a: ['b'] }, { a: ['b'] }],
  ])('removes by MODEL_LOG_REDACT %s', (_title, expression, value, expected) => {
    expect(redact(value, [expression])).toEqual(expected);
  });

  it.each([
    '-eyJ',
    '-----BEGIN PRIVATE KEY-----',
    'Bearer ',
    '"api_key"',
    '\\"api_key\\":\\"\\',
    "'token':'",
    'api_key_',
    '_token',
    '-secret-key:',
    'cookie:',
    '://:',
    '?key=',
    'data:a/b;base64,',
    'data:;a=',
    '"data":"',
    'Basic a',
    'sk-',
    'ghp_',
  ])('takes no long time for a text of nothing but %s', (piece) => {
    const started = performance.now();
    for (const end of ['', '.', '"', '@']) redact(piece.repeat(1_000_000 / piece.length) + end, []);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('cuts what is long or deep', () => {
    expect(String(redact('x'.repeat(100_000), []))).toHaveLength(64 * 1024 + '[34464 more]'.length);
    const across = `${'x'.repeat(64 * 1024 - 6)} sk-abcdefgh12345`;
    expect(String(redact(across, [])).replace(/x+/, '')).toBe(' [reda[5 more]');
    let deep: unknown = 'end';
    for (let level = 0; level < 100; level += 1) deep = [deep];
    expect(JSON.stringify(redact(deep, []))).toContain('[too deep]');
  });
});

describe('isSampled', () => {
  it('is the same for a run every time, and right on the whole', () => {
    const runs = Array.from({ length: 1000 }, (_, index) => `run_${index}`);
    const chosen = runs.filter((run) => isSampled(run, 0.25, () => 0));
    expect(chosen.length).toBeGreaterThan(180);
    expect(chosen.length).toBeLessThan(320);
    expect(runs.filter((run) => isSampled(run, 0.25, () => 1))).toEqual(chosen);
    expect([isSampled(null, 0.5, () => 0.4), isSampled(null, 0.5, () => 0.6), isSampled(null, 1, () => 1)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe('FileModelLog', () => {
  let folder: string;
  let warnings: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threadmill-model-log-'));
    warnings = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const log = (more: Partial<FileModelLogOptions> = {}): FileModelLog =>
    new FileModelLog({
      folder,
      mostBytes: 1_000_000,
      sample: 1,
      redactions: [],
      warn: (text) => warnings.push(text),
      ...more,
    });
  const record = (runId: string | null, text = ''): ModelCallRecord => ({
    startedAt: 1,
    durationMs: 2,
    server: 'vllm',
    path: '/chat/completions',
    runId,
    request: { text },
    answer: { text: 'sk-abcdefgh12345' },
    error: null,
  });

  it('gives the calls of a run, of all processes, the newest first', async () => {
    const [one, other] = [log(), log()];
    one.add(record('run_a', 'first'));
    await one.flush();
    one.add(record('run_b'));
    one.add(record('run_a', 'second'));
    await one.flush();
    await expect(other.read('run_a', 10)).resolves.toMatchObject([
      { run_id: 'run_a', request: { text: 'second' }, answer: { text: '[redacted]' } },
      { request: { text: 'first' } },
    ]);
    await expect(other.read('run_a', 1)).resolves.toMatchObject([{ request: { text: 'second' } }]);
    await expect(other.read(undefined, 10)).resolves.toHaveLength(3);
    await expect(other.read('run_c', 10)).resolves.toEqual([]);
  });

  it('keeps within its bounds on disk, and to its owner', async () => {
    const small = log({ mostBytes: 80_000 });
    for (let index = 0; index < 60; index += 1) {
      small.add(record('run_a', 'x'.repeat(4000)));
      await small.flush();
    }
    const files = await readdir(folder);
    const sizes = await Promise.all(files.map(async (name) => (await stat(join(folder, name))).size));
    expect(files.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(80_000);
    expect((await stat(join(folder, files[0] ?? ''))).mode & 0o077).toBe(0);
  });

  it('keeps the head of a record that is larger than its bounds allow', async () => {
    const small = log({ mostBytes: 80_000 });
    small.add({ ...record('run_a', 'x'.repeat(20_000)) });
    small.add({ ...record('run_b'), answer: { text: 'x'.repeat(20_000) } });
    await expect(small.read(undefined, 10)).resolves.toMatchObject([
      { run_id: 'run_b', request: expect.any(String) as string, answer: expect.stringMatching(/^\[\d+ .*left out\]$/) },
      { run_id: 'run_a', request: expect.stringMatching(/left out/), answer: { text: '[redacted]' }, duration_ms: 2 },
    ]);
    const [file = ''] = await readdir(folder);
    expect((await stat(join(folder, file))).size).toBeLessThan(10_000);
  });

  it('drops what is too much to wait', async () => {
    const busy = log({ mostBytes: 1_000_000_000 });
    for (let index = 0; index < 10; index += 1) busy.add(record(`run_${index}`, 'x'.repeat(5_000_000)));
    await busy.flush();
    await expect(busy.read(undefined, 1000)).resolves.toHaveLength(6);
    expect(warnings).toEqual([expect.stringContaining('4 model calls')]);
    busy.add(record('run_a'));
    await expect(busy.read('run_a', 1)).resolves.toHaveLength(1);
  });

  it('drops what comes too fast, and says so', async () => {
    const busy = log();
    for (let index = 0; index < 1000; index += 1) busy.add(record('run_a'));
    await busy.flush();
    await expect(busy.read(undefined, 1000)).resolves.toHaveLength(256);
    expect(warnings).toEqual([expect.stringContaining('744 model calls')]);
  });

  it('goes on in a new folder where its own was removed, and bears a request of any depth', async () => {
    const one = log();
    let deep: unknown = 'end';
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    one.add({ ...record('run_a'), request: deep });
    await one.flush();
    await rm(folder, { recursive: true });
    one.add(record('run_b'));
    await one.flush();
    one.add(record('run_c'));
    await expect(one.read('run_c', 1)).resolves.toHaveLength(1);
  });

  it('fails nobody where it cannot be written, and bears what is not whole', async () => {
    await writeFile(join(folder, 'file'), '');
    const broken = log({ folder: join(folder, 'file') });
    broken.add(record('run_a'));
    await broken.flush();
    broken.add(record('run_a'));
    await broken.flush();
    expect(warnings).toHaveLength(1);
    await writeFile(join(folder, '1.jsonl'), '{"run_id":"run_a","started_at":1}\n{"run_id":"run_a","sta');
    await expect(log().read('run_a', 5)).resolves.toEqual([{ run_id: 'run_a', started_at: 1 }]);
  });
});
