import { converse } from '../loop/converse.js';
import type { Strategy } from './strategy.js';

/** The model answers at once, without tools. */
export const chat: Strategy = async function* (session) {
  const { outcome } = yield* converse(session, {
    messages: session.input.messages,
    tools: [],
    toolChoice: 'none',
    maxToolRounds: 0,
    protocol: 'none',
  });
  return outcome;
};
