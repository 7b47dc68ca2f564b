import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { ChatShortcut, type ChatShortcutParts } from './chat-shortcut.js';
import type { Principal } from './common/principal.js';

const BODY = '{"model":"m","messages":[]}';
const LONGEST_BODY = 100;
const KNOWN: Principal = {
  userId: 'user_1',
  username: 'someone',
  projectId: 'proj_1',
  role: 'member',
  isAdmin: false,
  scopes: new Set(['chat:write']),
};

const CALLERS: Record<string, Principal> = { 'Bearer known': KNOWN, 'Bearer weak': { ...KNOWN, scopes: new Set() } };

const parts: ChatShortcutParts = {
  callers: { find: (headers: IncomingHttpHeaders) => CALLERS[headers.authorization ?? ''] },
  limits: { count: () => null },
  chat: {
    passThrough: (parsed) => {
      if ('broken' in (parsed as object)) throw new Error('The body is not valid.');
      return 'model' in (parsed as object) ? () => undefined : undefined;
    },
    forward: (_forward, body, response) => {
      response.end(`shortcut ${body.toString()}`);
      return Promise.resolve();
    },
  },
  longestBody: LONGEST_BODY,
};

let server: Server;
beforeAll(async () => {
  const shortcut = new ChatShortcut(parts, (request, response) => {
    // A framework may come to the body late.
    void pause(5)
      .then(() => text(request))
      .then((body) => response.end(`framework ${body}`));
  });
  server = createServer(shortcut.listen);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

interface Call {
  path?: string;
  headers?: string[];
  body?: string;
  method?: string;
}

const head = ({ path = '/v1/chat/completions', headers = [], body = BODY, method = 'POST' }: Call): string =>
  [`${method} ${path} HTTP/1.1`, 'host: x', `content-length: ${Buffer.byteLength(body)}`, ...headers, '', ''].join(
    '\r\n',
  );

/** Sends the pieces one after the other on one connection, and gives all that was answered. */
async function exchange(pieces: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const answer = text(socket);
  for (const piece of pieces) {
    socket.write(piece);
    await pause(10);
  }
  await pause(30);
  socket.end();
  return answer;
}

const known = ['authorization: Bearer known', 'connection: keep-alive'];

test.each<[string, string, Call]>([
  ['a known caller', 'shortcut', { headers: known }],
  ['JSON by its name', 'shortcut', { headers: [...known, 'content-type: application/json;charset=UTF-8'] }],
  ['an unknown caller', 'framework', { headers: ['authorization: Bearer other'] }],
  ['a caller without the scope', 'framework', { headers: ['authorization: Bearer weak'] }],
  ['another method', 'framework', { headers: known, method: 'PUT' }],
  ['another path', 'framework', { headers: known, path: '/v1/chat/completions/' }],
  ['a query', 'framework', { headers: known, path: '/v1/chat/completions?a=b' }],
  ['another type', 'framework', { headers: [...known, 'content-type: text/plain'] }],
  ['an encoding', 'framework', { headers: [...known, 'content-encoding: gzip'] }],
  ['no body', 'framework', { headers: known, body: '' }],
  ['a long body', 'framework', { headers: known, body: `{"model":"${'x'.repeat(LONGEST_BODY)}"}` }],
  ['no JSON', 'framework', { headers: known, body: '{"model"' }],
  ['an array', 'framework', { headers: known, body: '[{"model":"m"}]' }],
  ['an invalid body', 'framework', { headers: known, body: '{"broken":true}' }],
  ['more than passing on', 'framework', { headers: known, body: '{"messages":[]}' }],
])('%s is answered by the %s', async (_title, who, call) => {
  const body = call.body ?? BODY;
  expect(await exchange([head(call) + body])).toMatch(new RegExp(`\\r\\n${who} `));
  expect(await exchange([head(call), body])).toContain(`${who} ${body}`);
  const pieces = [head(call), ...(body.match(/.{1,9}/g) ?? [])];
  expect(await exchange(pieces)).toContain(`${who} ${body}`);
});

test('a connection goes on after a request that was handed over', async () => {
  const plain = head({ headers: known }) + BODY;
  const odd = head({ headers: known, body: '{"messages":[]}' }) + '{"messages":[]}';
  const answers = await exchange([plain, odd, plain, odd, odd, plain]);
  expect(answers.match(/shortcut|framework/g)).toEqual([
    'shortcut',
    'framework',
    'shortcut',
    'framework',
    'framework',
    'shortcut',
  ]);
});
