import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import type { CallOptions, ChatDelta, ChatModel, ChatRequest } from '../ports/chat-model.js';
import { ModelError } from '../ports/model-error.js';
import { decideTurn } from './decide.js';
import { renderTurn } from './render-turn.js';
import { DEMO_MODEL_ID } from './texts.js';

/**
 * A deterministic program in the place of a model: it makes every feature tryable without a GPU or a network. It is no
 * language model, and its answers say so.
 */
export class DemoModel implements ChatModel {
  async *stream(request: ChatRequest, { signal }: CallOptions = {}): AsyncGenerator<ChatDelta> {
    throwIfAborted(signal);
    if (request.model !== DEMO_MODEL_ID) {
      throw new ModelError('model_not_found', `The model '${request.model}' does not exist`, {
        status: 404,
        code: 'model_not_found',
        param: 'model',
      });
    }
    for (const delta of renderTurn(decideTurn(request), request)) {
      await nextTurnOfLoop();
      throwIfAborted(signal);
      yield delta;
    }
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ModelError('aborted', 'The model call was aborted.');
}
