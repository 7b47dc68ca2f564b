import type { WireCall } from './wire-call.js';

/** One id of each kind. */
export interface ObjectIds {
  assistant: string;
  thread: string;
  message: string;
  run: string;
  step: string;
  file: string;
  store: string;
  batch: string;
}

/** Ids that look right and name nothing. */
export const MADE_UP: ObjectIds = {
  assistant: 'asst_000000000000000000000000',
  thread: 'thread_000000000000000000000000',
  message: 'msg_000000000000000000000000',
  run: 'run_000000000000000000000000',
  step: 'step_000000000000000000000000',
  file: 'file-000000000000000000000000',
  store: 'vs_000000000000000000000000',
  batch: 'vsfb_000000000000000000000000',
};

const CODE = [{ type: 'code_interpreter' }];

/**
 * Every operation that takes an id, with the given ids in place of the caller's own, one kind at a time. What is asked
 * for is always well formed, so that only the id can be wrong.
 */
export function operationsOn(ids: ObjectIds, own: ObjectIds): WireCall[] {
  const { assistant, thread, message, run, step, file } = ids;
  const resources = { code_interpreter: { file_ids: [file] } };
  const attached = { role: 'user', content: 'x', attachments: [{ file_id: file, tools: CODE }] };
  return [
    ...objectCalls(`/assistants/${assistant}`),
    { method: 'POST', path: '/assistants', body: { model: 'm', tools: CODE, tool_resources: resources } },
    { method: 'POST', path: '/assistants', body: { model: 'm', file_ids: [file] } },
    { method: 'POST', path: `/assistants/${own.assistant}`, body: { tool_resources: resources } },
    ...objectCalls(`/threads/${thread}`),
    { method: 'GET', path: `/threads/${thread}/files` },
    { method: 'POST', path: '/threads', body: { tool_resources: resources } },
    { method: 'POST', path: '/threads', body: { messages: [attached] } },
    { method: 'POST', path: `/threads/${own.thread}`, body: { tool_resources: resources } },
    ...messageCalls(thread, own.message),
    ...objectCalls(`/threads/${own.thread}/messages/${message}`),
    { method: 'POST', path: `/threads/${thread}/messages`, body: { role: 'user', content: 'x' } },
    { method: 'POST', path: `/threads/${own.thread}/messages`, body: attached },
    { method: 'POST', path: `/threads/${own.thread}/messages`, body: { role: 'user', content: 'x', file_ids: [file] } },
    { method: 'POST', path: `/threads/${own.thread}/messages`, body: { role: 'user', content: imageOf(file) } },
    ...runCalls(thread, own.run, own.step),
    ...runCalls(own.thread, run, own.step),
    { method: 'GET', path: `/threads/${own.thread}/runs/${own.run}/steps/${step}` },
    { method: 'POST', path: `/threads/${thread}/runs`, body: { assistant_id: own.assistant } },
    { method: 'POST', path: `/threads/${own.thread}/runs`, body: { assistant_id: assistant } },
    { method: 'POST', path: '/threads/runs', body: { assistant_id: assistant } },
    { method: 'POST', path: '/threads/runs', body: { assistant_id: own.assistant, tool_resources: resources } },
    { method: 'GET', path: `/files/${file}` },
    { method: 'GET', path: `/files/${file}/content` },
    { method: 'DELETE', path: `/files/${file}` },
    chatWith({ file_ids: [file] }, {}),
    chatWith({}, { file_ids: [file] }),
    ...storeOperations(ids, own),
  ];
}

const SEARCH = [{ type: 'file_search' }];

/** Those of vector stores, and those that name one. */
function storeOperations({ store, batch, file }: ObjectIds, own: ObjectIds): WireCall[] {
  const resources = { file_search: { vector_store_ids: [store] } };
  const inline = { file_search: { vector_stores: [{ file_ids: [file] }] } };
  const attached = { role: 'user', content: 'x', attachments: [{ file_id: file, tools: SEARCH }] };
  return [
    ...objectCalls(`/vector_stores/${store}`),
    { method: 'POST', path: `/vector_stores/${store}/search`, body: { query: 'private' } },
    { method: 'GET', path: `/vector_stores/${store}/files` },
    { method: 'POST', path: `/vector_stores/${store}/files`, body: { file_id: own.file } },
    ...storeFileCalls(`/vector_stores/${store}/files/${own.file}`),
    { method: 'POST', path: `/vector_stores/${store}/file_batches`, body: { file_ids: [own.file] } },
    ...batchCalls(`/vector_stores/${store}/file_batches/${own.batch}`),
    { method: 'POST', path: '/vector_stores', body: { file_ids: [file] } },
    { method: 'POST', path: `/vector_stores/${own.store}/files`, body: { file_id: file } },
    { method: 'POST', path: `/vector_stores/${own.store}/file_batches`, body: { file_ids: [file] } },
    { method: 'POST', path: `/vector_stores/${own.store}/file_batches`, body: { files: [{ file_id: file }] } },
    ...storeFileCalls(`/vector_stores/${own.store}/files/${file}`),
    ...batchCalls(`/vector_stores/${own.store}/file_batches/${batch}`),
    ...[resources, inline].flatMap((tool_resources): WireCall[] => [
      { method: 'POST', path: '/assistants', body: { model: 'm', tools: SEARCH, tool_resources } },
      { method: 'POST', path: '/threads', body: { tool_resources } },
      { method: 'POST', path: '/threads/runs', body: { assistant_id: own.assistant, thread: { tool_resources } } },
    ]),
    { method: 'POST', path: `/assistants/${own.assistant}`, body: { tool_resources: resources } },
    { method: 'POST', path: `/threads/${own.thread}`, body: { tool_resources: resources } },
    { method: 'POST', path: '/threads/runs', body: { assistant_id: own.assistant, tool_resources: resources } },
    { method: 'POST', path: '/threads', body: { messages: [attached] } },
    { method: 'POST', path: `/threads/${own.thread}/messages`, body: attached },
  ];
}

function storeFileCalls(path: string): WireCall[] {
  return [
    { method: 'GET', path },
    { method: 'GET', path: `${path}/content` },
    { method: 'POST', path, body: { attributes: { changed: 'yes' } } },
    { method: 'DELETE', path },
  ];
}

function batchCalls(path: string): WireCall[] {
  return [
    { method: 'GET', path },
    { method: 'GET', path: `${path}/files` },
    { method: 'POST', path: `${path}/cancel` },
  ];
}

/** Every list, with the cursor that belongs to it. */
export function listsAfter(ids: ObjectIds, own: ObjectIds): WireCall[] {
  const lists: [string, string][] = [
    ['/assistants', ids.assistant],
    ['/threads', ids.thread],
    [`/threads/${own.thread}/messages`, ids.message],
    [`/threads/${own.thread}/runs`, ids.run],
    [`/threads/${own.thread}/runs/${own.run}/steps`, ids.step],
    ['/vector_stores', ids.store],
    [`/vector_stores/${own.store}/files`, ids.file],
    [`/vector_stores/${own.store}/file_batches/${own.batch}/files`, ids.file],
  ];
  return [
    ...lists.flatMap(([path, id]) =>
      ['after', 'before'].map((name): WireCall => ({ method: 'GET', path: `${path}?${name}=${id}` })),
    ),
    { method: 'GET', path: `/files?after=${ids.file}` },
  ];
}

function objectCalls(path: string): WireCall[] {
  return [
    { method: 'GET', path },
    { method: 'POST', path, body: { metadata: { changed: 'yes' } } },
    { method: 'DELETE', path },
  ];
}

function messageCalls(thread: string, message: string): WireCall[] {
  return [
    { method: 'GET', path: `/threads/${thread}/messages` },
    ...objectCalls(`/threads/${thread}/messages/${message}`),
  ];
}

function runCalls(thread: string, run: string, step: string): WireCall[] {
  const path = `/threads/${thread}/runs/${run}`;
  return [
    { method: 'GET', path },
    { method: 'POST', path, body: { metadata: { changed: 'yes' } } },
    { method: 'POST', path: `${path}/cancel` },
    { method: 'GET', path: `${path}/steps` },
    { method: 'GET', path: `${path}/steps/${step}` },
  ];
}

function imageOf(file: string): unknown[] {
  return [{ type: 'image_file', image_file: { file_id: file } }];
}

function chatWith(extensions: object, ofMessage: object): WireCall {
  const messages = [{ role: 'user', content: 'x', ...ofMessage }];
  return { method: 'POST', path: '/chat/completions', body: { model: 'threadmill-demo', messages, ...extensions } };
}
