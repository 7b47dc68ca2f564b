import type { ChatRequest } from '../ports/chat-model.js';
import type { ModelSettings } from '../ports/model-settings.js';
import { bodyWithSettings, changesNothing, withSettings } from './apply-settings.js';

const SETTINGS: ModelSettings = { temperature: 0.5, stop: ['A'], extraBody: { top_k: 5, seed: 1 } };
const REQUEST: ChatRequest = { model: 'alias', messages: [] };

test('a request gets what it does not say itself', () => {
  expect(withSettings(REQUEST, 'own', SETTINGS)).toEqual({
    model: 'own',
    messages: [],
    temperature: 0.5,
    stop: ['A'],
    extraBody: { top_k: 5, seed: 1 },
  });
  const asked = { ...REQUEST, temperature: 0, stop: ['B'], extraBody: { top_k: 1 } };
  expect(withSettings(asked, 'own', SETTINGS)).toMatchObject({
    temperature: 0,
    stop: ['B', 'A'],
    extraBody: { top_k: 1, seed: 1 },
  });
  expect(withSettings(REQUEST, 'own', {})).toEqual({ model: 'own', messages: [] });
});

test.each<[string, unknown, unknown]>([
  ['/chat/completions', { model: 'alias' }, { top_k: 5, seed: 1, temperature: 0.5, model: 'own', stop: ['A'] }],
  ['/completions', { stop: 'B', seed: 2 }, { top_k: 5, seed: 2, temperature: 0.5, model: 'own', stop: ['B', 'A'] }],
  ['/chat/completions', { temperature: null }, { top_k: 5, seed: 1, temperature: 0.5, model: 'own', stop: ['A'] }],
  ['/embeddings', { model: 'alias', input: 'x' }, { model: 'own', input: 'x' }],
])('the body for %s: %j', (path, body, expected) => {
  const bytes = bodyWithSettings(path, Buffer.from(JSON.stringify(body)), 'own', SETTINGS);
  expect(JSON.parse(bytes.toString())).toEqual(expected);
});

test('what is no JSON stays', () => {
  expect(bodyWithSettings('/completions', Buffer.from('{'), 'own', SETTINGS).toString()).toBe('{');
});

test('what concerns only the agent changes no request', () => {
  expect(changesNothing({ contextSize: 5, protocol: 'tags', vision: true })).toBe(true);
  expect(changesNothing({ temperature: 0 })).toBe(false);
});
