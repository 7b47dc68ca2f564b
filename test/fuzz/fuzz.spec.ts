import { ImitationModelServer } from '../fakes/model-server/index.js';
import { startServer, type TestServer } from '../support/server.js';
import { Random } from './random.js';
import { RandomRequests, type OpenApiDocument, type RandomRequest } from './random-requests.js';

const SEED = Number(process.env.FUZZ_SEED ?? 20_261_121);
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 2000);
const AT_ONCE = 4;
const PATIENCE_MS = 20_000;
const LONGEST_SHOWN = 600;
/** Their body would end the test's own login. */
const LEFT_OUT = new Set(['POST /api/auth/signup']);

interface Finding {
  request: RandomRequest;
  problem: string;
}

/** Ids by the name of the parameter or the property that takes them. */
type KnownIds = Record<string, string[]>;

describe(`${REQUESTS} random requests (FUZZ_SEED=${SEED})`, () => {
  let model: ImitationModelServer;
  let server: TestServer;
  let token: string;
  const known: KnownIds = {};
  const findings: Finding[] = [];
  const counts = new Map<string, number>();
  const random = new Random(SEED);

  beforeAll(async () => {
    model = await new ImitationModelServer().start();
    server = await startServer({ env: { VLLM_HOST: model.url, MODEL_MAX_RETRIES: '0', LOG_LEVEL: 'error' } });
    token = await server.signUp('fuzzer');
    await makeObjects();
  });
  afterAll(async () => {
    await server?.stop();
    await model.stop();
  });

  it('no 5xx, no hang, every refusal in its envelope', async () => {
    const requests = await loadRequests();
    const { routes } = requests;
    const all = Array.from({ length: REQUESTS }, (_, index) => requests.make(index));
    const waiting = all.filter(({ route }) => !LEFT_OUT.has(route));
    const work = async (): Promise<void> => {
      for (let request = waiting.pop(); request !== undefined; request = waiting.pop()) await tryOut(request);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const statuses = [...counts].sort().map(([status, count]) => `${status}: ${count}`);
    console.log(`${total} requests to ${routes.length} routes, seed ${SEED}. ${statuses.join(', ')}`);
    expect(findings.map(show)).toEqual([]);
    expect(counts.get('200') ?? 0).toBeGreaterThan(REQUESTS / 10);
  }, 240_000);

  it('leaves the server healthy, and its objects unharmed', async () => {
    expect((await fetch(`${server.baseUrl}/health/ready`)).status).toBe(200);
    const client = server.openaiFor(await server.signUp('successor'));
    const assistant = await client.beta.assistants.create({ model: model.model });
    const thread = { messages: [{ role: 'user' as const, content: 'Are you well?' }] };
    const run = await client.beta.threads.createAndRunPoll({ assistant_id: assistant.id, thread });
    expect(run.status).toBe('completed');
  });

  async function loadRequests(): Promise<RandomRequests> {
    const answer = await fetch(`${server.baseUrl}/openapi.json`);
    const document = (await answer.json()) as OpenApiDocument;
    return new RandomRequests(random, document, (name, family) => {
      const ids = known[name] ?? [];
      return ids[family % ids.length];
    });
  }

  /** Objects whose ids the requests may name, those of a stranger among them. */
  async function makeObjects(): Promise<void> {
    for (const owner of [token, await server.signUp('stranger')]) {
      const client = server.openaiFor(owner);
      for (let count = 0; count < 3; count += 1) {
        const assistant = await client.beta.assistants.create({ model: model.model });
        const thread = { messages: [{ role: 'user' as const, content: 'Hello.' }] };
        const run = await client.beta.threads.createAndRunPoll({ assistant_id: assistant.id, thread });
        const [message] = (await client.beta.threads.messages.list(run.thread_id)).data;
        const [step] = (await client.beta.threads.runs.steps.list(run.id, { thread_id: run.thread_id })).data;
        const file = await client.files.create({ file: new File(['x'], 'x.txt'), purpose: 'assistants' });
        const messages = [{ role: 'user' as const, content: 'Keep this.' }];
        const chat = await client.chat.completions.create({ model: model.model, messages, store: true });
        const part = { filename: 'a.txt', purpose: 'assistants' as const, bytes: 5, mime_type: 'text/plain' };
        remember(['completionId'], chat.id);
        remember(['uploadId'], (await client.uploads.create(part)).id);
        remember(['assistantId', 'assistant_id'], assistant.id);
        remember(['threadId'], run.thread_id);
        remember(['runId', 'run_id'], run.id);
        remember(['messageId'], message?.id ?? '');
        remember(['stepId'], step?.id ?? '');
        remember(['fileId', 'file_id'], file.id);
      }
    }
    remember(['model'], model.model);
  }

  function remember(names: string[], id: string): void {
    for (const name of names) (known[name] ??= []).push(id);
  }

  async function tryOut(request: RandomRequest): Promise<void> {
    try {
      const answer = await fetch(`${server.baseUrl}${request.path}`, {
        method: request.method,
        headers: { authorization: `Bearer ${token}`, 'openai-beta': 'assistants=v2', ...request.headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      const text = await answer.text();
      counts.set(String(answer.status), (counts.get(String(answer.status)) ?? 0) + 1);
      const problem = problemOf(request, answer, text);
      if (problem !== null) findings.push({ request, problem });
    } catch (error) {
      findings.push({ request, problem: String(error) });
    }
  }
});

function problemOf({ path }: RandomRequest, answer: Response, text: string): string | null {
  if (answer.status >= 500) return `${answer.status} ${text}`;
  if (answer.status < 400) return null;
  if (!answer.headers.get('x-request-id')?.startsWith('req_')) return 'no x-request-id';
  const body = parse(text);
  if (path.startsWith('/api/')) return typeof body?.['detail'] === 'string' ? null : `not {"detail"}: ${text}`;
  const error = body?.['error'];
  const keys = typeof error === 'object' && error !== null ? Object.keys(error).sort().join() : '';
  return keys === 'code,message,param,type' ? null : `no envelope: ${answer.status} ${text}`;
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

function show({ request, problem }: Finding): string {
  const { method, path, body = '' } = request;
  return `${method} ${path.slice(0, LONGEST_SHOWN)} ${body.slice(0, LONGEST_SHOWN)} -> ${problem.slice(0, LONGEST_SHOWN)}`;
}
