/**
 * The yardstick: the least that a thread with a run can be. `POST /v1/threads/runs` writes the rows of thread, message and
 * run, pipes the model's stream through, and writes the answer and the end of the run. No authentication, no validation,
 * no queue, no second process: what dies with it is lost. Prints its port.
 */
import { randomUUID } from 'node:crypto';
import { createServer, request as sendRequest, Agent } from 'node:http';
import pg from 'pg';

const [modelPort, databaseUrl] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
const agent = new Agent({ keepAlive: true });
await pool.query('CREATE TABLE threads (id text PRIMARY KEY, created_at timestamptz DEFAULT now())');
await pool.query('CREATE TABLE messages (id text PRIMARY KEY, thread_id text, role text, content jsonb)');
await pool.query('CREATE TABLE runs (id text PRIMARY KEY, thread_id text, status text, usage jsonb)');

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => void run(JSON.parse(Buffer.concat(chunks).toString()), response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));

async function run({ model, thread: { messages } }, response) {
  const [threadId, runId] = [randomUUID(), randomUUID()];
  await pool.query('INSERT INTO threads (id) VALUES ($1)', [threadId]);
  for (const { role, content } of messages) await insertMessage(threadId, role, content);
  await pool.query('INSERT INTO runs (id, thread_id, status) VALUES ($1, $2, $3)', [runId, threadId, 'in_progress']);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const text = await pipe({ model, messages, stream: true }, response);
  await insertMessage(threadId, 'assistant', text);
  await pool.query('UPDATE runs SET status = $2 WHERE id = $1', [runId, 'completed']);
  response.end('event: done\ndata: [DONE]\n\n');
}

function insertMessage(threadId, role, content) {
  const values = [randomUUID(), threadId, role, JSON.stringify(content)];
  return pool.query('INSERT INTO messages (id, thread_id, role, content) VALUES ($1, $2, $3, $4)', values);
}

function pipe(body, response) {
  return new Promise((resolve, reject) => {
    const options = { agent, port: modelPort, path: '/v1/chat/completions', method: 'POST' };
    const sent = sendRequest({ ...options, headers: { 'content-type': 'application/json' } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        response.write(chunk);
      });
      answer.on('end', () => resolve(text));
    });
    sent.on('error', reject).end(JSON.stringify(body));
  });
}
