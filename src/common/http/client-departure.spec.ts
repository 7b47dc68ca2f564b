import { jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ClientDeparture, clientLeft } from './client-departure.js';

const openResponse = (state: Partial<ServerResponse> = {}): ServerResponse =>
  Object.assign(new EventEmitter(), { destroyed: false, writableFinished: false, ...state }) as ServerResponse;

test('a client that goes away before the end is told of once, to those who still listen', () => {
  const response = openResponse();
  const departure = new ClientDeparture(response);
  const [told, notTold] = [jest.fn(), jest.fn()];
  departure.addEventListener('abort', told);
  departure.addEventListener('abort', notTold);
  departure.removeEventListener('abort', notTold);
  expect(departure.aborted).toBe(false);
  response.emit('close');
  response.emit('close');
  expect(departure.aborted).toBe(true);
  expect(departure.reason).toMatchObject({ name: 'AbortError' });
  expect(told).toHaveBeenCalledTimes(1);
  expect(notTold).not.toHaveBeenCalled();
});

test.each([
  ['has left before', { destroyed: true }, true],
  ['leaves before the end', {}, true],
  ['has its whole answer', { writableFinished: true }, false],
])('a client that %s: %j', (_, state, expected) => {
  const response = openResponse(state);
  const signal = clientLeft(response);
  response.emit('close');
  expect(signal.aborted).toBe(expected);
});
