/** A scripted model that answers every chat with one short sentence, at once. A process of its own; prints its port. */
import { createServer } from 'node:http';

const MODEL = 'bench-sentence';
const MODELS = JSON.stringify({
  object: 'list',
  data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'bench' }],
});
const toEvent = (delta, reason) =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion.chunk',
    created: 1_750_000_000,
    model: MODEL,
    choices: [{ index: 0, delta, finish_reason: reason }],
  })}\n\n`;
const ANSWER = `${toEvent({ role: 'assistant', content: 'Hello.' }, null)}${toEvent({}, 'stop')}data: [DONE]\n\n`;

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const isChat = request.method === 'POST';
    response.writeHead(200, { 'content-type': isChat ? 'text/event-stream; charset=utf-8' : 'application/json' });
    response.end(isChat ? ANSWER : MODELS);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
