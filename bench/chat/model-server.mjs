/** An imitated model server that answers at once, or paced. A process of its own; prints its port. */
import { createServer } from 'node:http';
import { INSTANT_MODEL, JSON_ANSWER, PACED_MODEL, STREAM_EVENTS, TOKEN_INTERVAL_MS } from './answers.mjs';

const MODELS = JSON.stringify({
  object: 'list',
  data: [INSTANT_MODEL, PACED_MODEL].map((id) => ({ id, object: 'model', created: 0, owned_by: 'bench' })),
});

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => answer(request, Buffer.concat(chunks), response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));

function answer(request, body, response) {
  if (request.method === 'GET') return sendJson(response, MODELS);
  const { model, stream } = JSON.parse(body.toString());
  if (!stream) return sendJson(response, JSON_ANSWER);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  if (model === PACED_MODEL) return sendPaced(response, 0);
  for (const event of STREAM_EVENTS) response.write(event);
  response.end();
}

function sendJson(response, body) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function sendPaced(response, index) {
  if (response.destroyed) return;
  if (index === STREAM_EVENTS.length) {
    response.end();
    return;
  }
  response.write(STREAM_EVENTS[index]);
  setTimeout(sendPaced, TOKEN_INTERVAL_MS, response, index + 1);
}
