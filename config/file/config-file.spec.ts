import { readFileSync } from 'node:fs';
import { parseConfigFile, readConfigFile, type ConfigFile } from './read-config-file.js';

const PREFIX = 'The file of THREADMILL_CONFIG: ';
const ENV = { KEY: 's3cret', HOST: 'gpu' };

function read(text: string): { file: ConfigFile; problems: string[] } {
  const problems: string[] = [];
  const file = parseConfigFile(text, ENV, problems);
  return { file, problems: problems.map((problem) => problem.replace(PREFIX, '')) };
}

const server = (more: string): string => `models: { servers: { a: { kind: vllm, url: "http://x", ${more} } } }`;
const egress = (rule: string): string => `sandbox: { egress: { proj_a: ${rule} } }`;
const catalog = (more: string): string =>
  `models: { servers: { a: { kind: vllm, url: "http://x" } }, catalog: { m: { ${more} } } }`;

describe('what is read', () => {
  test('an empty file says nothing', () => {
    expect(read('')).toEqual({
      file: { models: { servers: [], catalog: [] }, sandbox: { egress: [] } },
      problems: [],
    });
  });

  test('a server has its defaults', () => {
    const { file, problems } = read(
      'models: { servers: { a: { kind: vllm, url: "http://${HOST}:8000/", api_key: "${KEY}" } } }',
    );
    expect(problems).toEqual([]);
    expect(file.models.servers).toEqual([
      expect.objectContaining({
        name: 'a',
        url: 'http://gpu:8000',
        apiKey: 's3cret',
        priority: 1,
        weight: 1,
        maxConcurrent: undefined,
        breakerFailures: 3,
        listModels: true,
      }),
    ]);
  });

  test('a model has its servers, in the long and the short form', () => {
    const { file, problems } = read(
      catalog('servers: [a, { server: a, model: b/c, weight: 2 }], protocol: tags, stop: [X], thinks_first: true'),
    );
    expect(problems).toEqual([]);
    expect(file.models.catalog[0]).toMatchObject({
      name: 'm',
      targets: [
        { server: 'a', model: 'm', weight: undefined },
        { server: 'a', model: 'b/c', weight: 2 },
      ],
      protocol: 'tags',
      stop: ['X'],
      thinksFirst: true,
    });
  });

  test('a rule for the network of code has its defaults', () => {
    const { file, problems } = read(egress('{ hosts: ["PyPI.org:443", "*.corp.example:8443", "[fd00::1]:80"] }'));
    expect(problems).toEqual([]);
    expect(file.sandbox.egress).toEqual([
      {
        project: 'proj_a',
        hosts: ['pypi.org:443', '*.corp.example:8443', '[fd00::1]:80'],
        privateAddresses: false,
        maxMegabytes: 1024,
      },
    ]);
  });

  test('an Ollama server has its own fields', () => {
    const ollama = (more: string): unknown =>
      read(`models: { servers: { a: { kind: ollama, url: "http://x", ${more} } } }`).file.models.servers[0]?.ollama;
    expect(ollama('keep_alive: 10m, num_ctx: 8192, pull: true')).toEqual({
      keepAlive: '10m',
      contextSize: 8192,
      pull: true,
    });
    expect(ollama('keep_alive: -1')).toMatchObject({ keepAlive: -1, pull: false });
    expect(ollama('api: openai')).toBeUndefined();
  });

  test('JSON is YAML, and an escaped reference stays', () => {
    const { file, problems } = read('{"models":{"catalog":{"m":{"extra_body":{"text":"$${KEY}"}}}}}');
    expect(problems).toEqual([]);
    expect(file.models.catalog[0]?.extraBody).toEqual({ text: '${KEY}' });
  });

  test('the example of the documentation for code', () => {
    const text = readFileSync('docs/operations.md', 'utf8');
    const [, example = ''] = /```yaml\n(sandbox:[\s\S]*?)```/.exec(text) ?? [];
    const problems: string[] = [];
    const { sandbox } = parseConfigFile(example, {}, problems);
    expect(problems).toEqual([]);
    expect(sandbox.egress.map(({ project, maxMegabytes }) => [project, maxMegabytes])).toEqual([
      ['*', 1024],
      ['proj_abc123', 200],
      ['proj_def456', 1024],
    ]);
  });

  test('the example of the documentation', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/models.md', 'utf8')) ?? [];
    const problems: string[] = [];
    const { models } = parseConfigFile(example, { GPU_KEY: 'x', OPENAI_KEY: 'y' }, problems);
    expect(problems).toEqual([]);
    expect(models.servers.length).toBeGreaterThan(2);
    expect(models.catalog.length).toBeGreaterThan(1);
  });
});

describe('what is refused', () => {
  test.each([
    ['models: [', 'it is no YAML'],
    ['[]', 'it must be a mapping of sections.'],
    ['model: {}', 'model is not known here (known: models, sandbox)'],
    ['models: { servers: [] }', 'models.servers must be a mapping.'],
    ['models: { servers: { a: 7 } }', 'models.servers.a must be a mapping.'],
    ['models: { servers: { a: { url: "http://x" } } }', 'models.servers.a.kind is missing.'],
    ['models: { servers: { a: { kind: vllm } } }', 'models.servers.a.url is missing.'],
    [server('priority: 0'), 'models.servers.a.priority must be a whole number from 1 to 1000.'],
    [server('weight: none'), 'models.servers.a.weight must be a number'],
    [server('list_models: 1'), 'models.servers.a.list_models must be true or false.'],
    [server('api_key: "${NONE}"'), 'models.servers.a.api_key names the variable NONE, which is not set.'],
    [server('max_concurent: 1'), 'models.servers.a.max_concurent is not known here'],
    ['models: { servers: { a: { kind: gguf } } }', 'models.servers.a.path is missing.'],
    ['models: { servers: { a: { kind: gguf, path: x, url: "http://x" } } }', 'models.servers.a.url is not known here'],
    [server('keep_alive: 5m'), 'models.servers.a.keep_alive is not known here'],
    [catalog('keep_alive: soon'), 'models.catalog.m.keep_alive must be a number of seconds or a text such as 10m.'],
    [
      'models: { servers: { a: { kind: ollama, url: "http://x", api: openai, pull: true } } }',
      'models.servers.a.api must be native for keep_alive, num_ctx and pull.',
    ],
    [catalog('servers: [b]'), 'models.catalog.m.servers[0] names a server that is not among models.servers.'],
    [catalog('servers: [{}]'), 'models.catalog.m.servers[0].server is missing.'],
    [catalog('protocol: json'), 'models.catalog.m.protocol must be one of tools, tags, react, none.'],
    [catalog('stop: [""]'), 'models.catalog.m.stop must be a list of texts.'],
    ...['pypi.org', '*:443', 'pypi.org:0', 'pypi.org:65536', 'http://pypi.org:443', 'a.*.org:443', 'a b:1', '*.:1'].map(
      (host): [string, string] => [
        egress(`{ hosts: ["${host}"] }`),
        'proj_a.hosts[0] must be host:port or *.domain:port',
      ],
    ),
    [egress('{}'), 'sandbox.egress.proj_a.hosts is missing.'],
    [egress('{ hosts: [], ports: [443] }'), 'sandbox.egress.proj_a.ports is not known here'],
    [egress('{ hosts: [], private_addresses: 1 }'), 'private_addresses must be true or false.'],
    [catalog('extra_body: text'), 'models.catalog.m.extra_body must be a mapping.'],
  ])('%s', (text, problem) => {
    const { problems } = read(text);
    expect(problems[0]).toContain(problem);
  });

  test('all problems are told at once, and no secret', () => {
    const { problems } = read(server('priority: "${KEY}", weight: "${KEY}", kindd: "${KEY}"'));
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain('s3cret');
  });

  test('a file that is not there', () => {
    const problems: string[] = [];
    readConfigFile('/nowhere/at/all.yaml', {}, problems);
    expect(problems).toEqual(['THREADMILL_CONFIG names a file that cannot be read: ENOENT.']);
  });
});
