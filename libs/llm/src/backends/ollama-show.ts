import { isObject, textOf } from '../json.js';
import type { DetailsDialect } from './model-details.js';

/**
 * Ollama's `POST /api/show`. The context is the model's `num_ctx` alone: `model_info` says only what it was
 * trained for, while Ollama cuts prompts at its own, much smaller default.
 */
export const OLLAMA_SHOW: DetailsDialect = {
  path: '/api/show',
  body: (model) => ({ model }),
  read(answer) {
    if (!isObject(answer)) return {};
    const contextSize = Number(/^num_ctx\s+(\d{1,9})\s*$/m.exec(textOf(answer['parameters']) ?? '')?.[1] ?? 0);
    const { capabilities } = answer;
    return {
      ...(contextSize > 0 && { contextSize }),
      ...(Array.isArray(capabilities) && {
        capabilities: capabilities.filter((each): each is string => typeof each === 'string' && each !== 'completion'),
      }),
    };
  },
};
