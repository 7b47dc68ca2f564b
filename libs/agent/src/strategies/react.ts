import { converse } from '../loop/converse.js';
import { boundsOf } from './bounds.js';
import { promptedMessages } from './standard.js';
import type { Strategy } from './strategy.js';

/** The model writes a thought and an action, reads what comes of it, and so on until it answers. For any model. */
export const react: Strategy = async function* (session) {
  const { input } = session;
  const { outcome } = yield* converse(session, {
    messages: promptedMessages(input, 'react'),
    tools: input.tools,
    toolChoice: input.toolChoice,
    maxToolRounds: Math.min(input.maxToolRounds, boundsOf(input).reactIterations),
    protocol: 'react',
  });
  return outcome;
};
