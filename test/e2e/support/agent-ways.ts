import type { ScriptedTurn } from '../../fakes/model-server/index.js';
import { pythonTurn } from './scripted-server.js';

const PLAN = {
  goal: 'The product.',
  plan: [{ step: 1, description: 'compute', tool: 'code_interpreter', expected_outcome: 'a number' }],
};

/** For each agent the turns of a conversation that runs this code once. */
export const WAYS: Record<string, (code: string) => ScriptedTurn[]> = {
  chat: () => [{ text: 'It is 42.' }],
  'no agent': (code) => [pythonTurn(code), { text: 'It is 42.' }],
  react: (code) => [{ text: actionOf(code) }, { text: 'Final Answer: It is 42.' }],
  plan_execute: (code) => [
    { text: JSON.stringify(PLAN) },
    pythonTurn(code),
    { text: 'It gave 42.' },
    { text: 'FINISHED=True\nIt is 42.' },
  ],
  ultrawork: (code) => [pythonTurn(code), { text: 'It is 42.' }, { text: 'ADEQUATE: true' }],
  auto: (code) => [{ text: 'react' }, { text: actionOf(code) }, { text: 'Final Answer: It is 42.' }],
};

/** A turn of ReAct that runs this code. */
export function actionOf(code: string): string {
  return `Thought: I compute.\nAction: code_interpreter\nAction Input: ${JSON.stringify({ code })}`;
}
