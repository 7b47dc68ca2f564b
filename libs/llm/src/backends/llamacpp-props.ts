import { isObject, numberOf } from '../json.js';
import type { DetailsDialect } from './model-details.js';

/** llama.cpp's `GET /props`: the context of one slot as started, which is what a request gets, and how many there are. A router without a model says 0. */
export const LLAMACPP_PROPS: DetailsDialect = {
  path: '/props',
  read(answer) {
    const settings = isObject(answer) ? answer['default_generation_settings'] : undefined;
    const contextSize = isObject(settings) ? numberOf(settings['n_ctx']) : undefined;
    const slots = isObject(answer) ? numberOf(answer['total_slots']) : undefined;
    return {
      ...(contextSize !== undefined && contextSize > 0 && { contextSize }),
      ...(slots !== undefined && slots > 0 && { slots }),
    };
  },
};
