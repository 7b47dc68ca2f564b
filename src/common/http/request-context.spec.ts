import express from 'express';
import request from 'supertest';
import { newRequestId, wireHeaders } from './request-context.js';

const app = express()
  .use(wireHeaders)
  .get('/', (_, response) => void response.json({ ok: true }))
  .get('/stream', (_, response) => {
    response.flushHeaders();
    response.end('x');
  });

test.each(['/', '/stream', '/nowhere'])('%s bears the headers of every answer', async (path) => {
  const { headers } = await request(app).get(path);
  expect(headers['x-request-id']).toMatch(/^req_[0-9a-f]{32}$/);
  expect(headers['openai-version']).toBe('2020-10-01');
  expect(headers['openai-processing-ms']).toMatch(/^\d+$/);
});

test('a request that has an id already keeps it', async () => {
  const named = express()
    .use((incoming, _, next) => {
      Object.assign(incoming, { id: 'req_given' });
      next();
    })
    .use(wireHeaders)
    .get('/', (_, response) => void response.end());
  expect((await request(named).get('/')).headers['x-request-id']).toBe('req_given');
});

test('ids do not repeat', () => {
  expect(new Set(Array.from({ length: 1000 }, newRequestId)).size).toBe(1000);
});
