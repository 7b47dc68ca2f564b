import { LLAMACPP_PROPS } from './llamacpp-props.js';
import { OLLAMA_SHOW } from './ollama-show.js';

it.each([
  [{ default_generation_settings: { n_ctx: 8192 } }, { contextSize: 8192 }],
  [{ default_generation_settings: { n_ctx: 0 } }, {}],
  [{ default_generation_settings: null }, {}],
  ['<html>', {}],
])('reads %j from /props', (answer, details) => {
  expect(LLAMACPP_PROPS.read(answer)).toEqual(details);
});

it.each([
  [{ parameters: 'stop           "<|im_end|>"\nnum_ctx        16384\ntop_k 20' }, { contextSize: 16_384 }],
  [{ parameters: 'num_ctx x', model_info: { 'qwen3.context_length': 40_960 } }, {}],
  [{ capabilities: ['completion', 'tools', 7] }, { capabilities: ['tools'] }],
  [undefined, {}],
])('reads %j from /api/show', (answer, details) => {
  expect(OLLAMA_SHOW.read(answer)).toEqual(details);
});
