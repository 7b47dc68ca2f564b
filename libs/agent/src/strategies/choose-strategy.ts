import { assertNever } from '@libs/kernel';
import type { AgentType } from './agent-type.js';
import { auto } from './auto.js';
import { chat } from './chat.js';
import { planExecute } from './plan-execute.js';
import { react } from './react.js';
import { standard } from './standard.js';
import type { Strategy } from './strategy.js';
import { ultrawork } from './ultrawork.js';

export function chooseStrategy(agent: AgentType | undefined): Strategy {
  switch (agent) {
    case undefined:
      return standard;
    case 'chat':
      return chat;
    case 'react':
      return react;
    case 'plan_execute':
      return planExecute;
    case 'ultrawork':
      return ultrawork;
    case 'auto':
      return auto;
    default:
      return assertNever(agent);
  }
}
