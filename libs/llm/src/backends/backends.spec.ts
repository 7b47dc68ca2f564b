import { LLAMACPP } from './llamacpp.js';
import { readModelList } from './model-list.js';
import { OLLAMA } from './ollama.js';
import { OPENAI } from './openai.js';
import { toForwardedHeaders } from './response-headers.js';
import { toServerAddress } from './server-address.js';
import { VLLM } from './vllm.js';

describe('toServerAddress', () => {
  it.each([
    [VLLM, 'http://gpu:8000', 'http://gpu:8000/v1', 'http://gpu:8000/health'],
    [VLLM, 'http://gpu:8000/v1/', 'http://gpu:8000/v1', 'http://gpu:8000/health'],
    [VLLM, 'https://proxy/vllm', 'https://proxy/vllm/v1', 'https://proxy/vllm/health'],
    [OLLAMA, 'http://localhost:11434', 'http://localhost:11434/v1', 'http://localhost:11434/api/version'],
    [LLAMACPP, 'http://localhost:8080', 'http://localhost:8080/v1', 'http://localhost:8080/health'],
    [OPENAI, 'https://api.openai.com/v1', 'https://api.openai.com/v1', 'https://api.openai.com/v1/models'],
  ])('%# %s', (backend, address, apiUrl, healthUrl) => {
    expect(toServerAddress(backend, address)).toMatchObject({ apiUrl, healthUrl });
  });
});

describe('readModelList', () => {
  it.each([
    [{ data: [{ id: 'a', created: 5, owned_by: 'vllm' }] }, [{ id: 'a', created: 5, ownedBy: 'vllm' }]],
    [{ data: [{ id: 'a' }, { id: 7 }, null] }, [{ id: 'a', created: 0, ownedBy: 'owner' }]],
    [{ object: 'list', data: null }, []],
    [[{ id: 'a', created: 5 }], [{ id: 'a', created: 5, ownedBy: 'owner' }]],
    [{ data: 'x' }, undefined],
    ['<html>', undefined],
    [undefined, undefined],
  ])('reads %j', (body, expected) => {
    expect(readModelList(body, 'owner')).toEqual(expected);
  });
});

describe('toForwardedHeaders', () => {
  it('keeps what belongs to the answer', () => {
    const headers = {
      'content-type': 'application/json',
      'content-length': '12',
      'x-request-id': 'r',
      vary: ['a', 'b'],
      connection: 'keep-alive, X-Hop',
      'keep-alive': 'timeout=5',
      'transfer-encoding': 'chunked',
      'x-hop': '1',
      'set-cookie': 'session=1',
      'access-control-allow-origin': '*',
    };
    expect(toForwardedHeaders(headers)).toEqual({
      'content-type': 'application/json',
      'content-length': '12',
      'x-request-id': 'r',
      vary: 'a, b',
    });
  });
});

describe('context size', () => {
  it.each([
    [{ max_model_len: 8192 }, 8192],
    [{ meta: { n_ctx: 4096, n_ctx_train: 131072 } }, 4096],
    [{ meta: { n_ctx_train: 131072 } }, 131072],
    [{ context_length: 131072, top_provider: { context_length: 8192 } }, 131072],
    [{ max_context_length: 40960 }, 40960],
    [{ context_window: 8192 }, 8192],
    [{ context_length: 0 }, undefined],
    [{ meta: null }, undefined],
    [{}, undefined],
  ])('of %j', (entry, contextSize) => {
    expect(readModelList({ data: [{ id: 'a', ...entry }] }, 'owner')?.[0]?.contextSize).toBe(contextSize);
  });
});
