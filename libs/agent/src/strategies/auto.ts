import { assertNever } from '@libs/kernel';
import { lastUserText } from '../system-text.js';
import type { AgentType } from './agent-type.js';
import { askHidden } from './ask-hidden.js';
import { chat } from './chat.js';
import { planExecute } from './plan-execute.js';
import { react } from './react.js';
import type { Strategy } from './strategy.js';
import { ultrawork } from './ultrawork.js';

type Routed = Exclude<AgentType, 'auto'>;

/** In the order in which they are looked for in the answer. */
const ROUTES: readonly Routed[] = ['ultrawork', 'plan_execute', 'react', 'chat'];
const ROUTING_TEMPERATURE = 0;
const MOST_NAMED_FILES = 20;

/** The model itself says which agent suits the request. */
export const auto: Strategy = async function* (session) {
  const { input, prompts } = session;
  const files = (input.dataFiles ?? []).slice(0, MOST_NAMED_FILES).map(({ name }) => name);
  const query = [lastUserText(input.messages), ...(files.length > 0 ? [`Files: ${files.join(', ')}`] : [])].join(
    '\n\n',
  );
  const answer = yield* askHidden(
    session,
    [{ role: 'user', content: prompts.fill('auto-router', { query }) }],
    ROUTING_TEMPERATURE,
  );
  return yield* strategyFor(readRoute(answer))(session);
};

/** The agent that the router names; `chat` where it names none. The word that stands alone counts before one in a sentence. */
export function readRoute(answer: string): Routed {
  const word = answer
    .trim()
    .toLowerCase()
    .replace(/[^a-z_]/g, '');
  return (
    ROUTES.find((route) => route === word) ?? ROUTES.find((route) => answer.toLowerCase().includes(route)) ?? 'chat'
  );
}

function strategyFor(route: Routed): Strategy {
  switch (route) {
    case 'chat':
      return chat;
    case 'react':
      return react;
    case 'plan_execute':
      return planExecute;
    case 'ultrawork':
      return ultrawork;
    default:
      return assertNever(route);
  }
}
