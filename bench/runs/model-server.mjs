/** A scripted model server: answers at once, paced, or with calls of a tool. A process of its own; prints its port. */
import { createServer } from 'node:http';
import { ANSWER, CALLING_MODEL, CALLING_TURNS, INSTANT_MODEL, PACED_MODEL, PACED_TOKENS } from './models.mjs';

const TOKEN_INTERVAL_MS = 20;
const MODELS = JSON.stringify({
  object: 'list',
  data: [INSTANT_MODEL, PACED_MODEL, CALLING_MODEL].map((id) => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'bench',
  })),
});
const HEAD = { id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1_750_000_000 };
const USAGE = { prompt_tokens: 20, completion_tokens: 16, total_tokens: 36 };
const DONE = 'data: [DONE]\n\n';

const toEvent = (model, fields) => `data: ${JSON.stringify({ ...HEAD, model, ...fields })}\n\n`;
const toChunk = (model, delta, reason = null) =>
  toEvent(model, { choices: [{ index: 0, delta, finish_reason: reason }] });
const end = (model, reason = 'stop') =>
  toChunk(model, {}, reason) + toEvent(model, { choices: [], usage: USAGE }) + DONE;
const textOf = (model) =>
  ANSWER.match(/\S+\s*/g)
    .map((content) => toChunk(model, { content }))
    .join('') + end(model);

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(MODELS);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    answer(JSON.parse(Buffer.concat(chunks).toString()), response);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));

function answer({ model, messages }, response) {
  if (model === PACED_MODEL) return sendPaced(response, 0);
  const results = messages.filter(({ role }) => role === 'tool').length;
  if (model === CALLING_MODEL && results < CALLING_TURNS - 1) return response.end(callOf(results));
  response.end(textOf(model));
}

function callOf(turn) {
  const called = { name: 'calculator', arguments: JSON.stringify({ expression: `${turn} + 1` }) };
  const call = { index: 0, id: `call_${turn}`, type: 'function', function: called };
  return toChunk(CALLING_MODEL, { tool_calls: [call] }) + end(CALLING_MODEL, 'tool_calls');
}

function sendPaced(response, count) {
  if (response.destroyed) return;
  if (count === PACED_TOKENS) {
    response.end(end(PACED_MODEL));
    return;
  }
  response.write(toChunk(PACED_MODEL, { content: `${(performance.timeOrigin + performance.now()).toFixed(3)} ` }));
  setTimeout(sendPaced, TOKEN_INTERVAL_MS, response, count + 1);
}
