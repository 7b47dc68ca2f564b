import { assertNever } from '@libs/kernel';
import type { ChatModel } from '@libs/llm';
import { CheckedModel } from '../checked-model.js';
import { GroundedModel } from '../grounded-model.js';
import type { AgentSession } from '../loop/agent-session.js';
import { ReasoningModel } from '../model-layers/reasoning-model.js';
import { RefusedToolsModel } from '../model-layers/refused-tools-model.js';
import { ToolChoiceModel } from '../model-layers/tool-choice-model.js';
import { WrittenCallsModel } from '../model-layers/written-calls-model.js';
import { NoToolsModel } from './no-tools-model.js';
import type { Protocol } from './protocol.js';
import { ReactModel } from './react/react-model.js';
import { TagsModel } from './tags/tags-model.js';

/** The session's model as agents want it: layers that see to what it and its server leave undone. */
export function createModelOf(session: AgentSession, protocol: Protocol, isHidden: boolean): ChatModel {
  const { answerCheck, grounding } = session.input;
  const model = new ToolChoiceModel(speaking(session, protocol), session.prompts);
  if (isHidden) return model;
  const checked = answerCheck ? new CheckedModel(model, answerCheck, session.prompts) : model;
  // Outside of the check: the refusal is no answer, whose form would be judged.
  return grounding ? new GroundedModel(checked, grounding) : checked;
}

function speaking({ input, prompts, model: metered }: AgentSession, protocol: Protocol): ChatModel {
  const model = new ReasoningModel(metered, input.thinksFirst);
  switch (protocol) {
    case 'tools':
      return new RefusedToolsModel(new WrittenCallsModel(model), new ReactModel(model, prompts));
    case 'react':
      return new ReactModel(model, prompts);
    case 'tags':
      return new TagsModel(model, prompts, input.dataFiles ?? []);
    case 'none':
      return new NoToolsModel(model);
    default:
      return assertNever(protocol);
  }
}
