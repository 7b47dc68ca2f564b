/** One server-sent event. `event` is absent in the chat completion dialect. */
export interface ServerSentEvent {
  id?: string;
  event?: string;
  data: string;
}

/** The frame of one event. `data` must be a single line, as JSON.stringify makes it. */
export function encodeServerSentEvent({ id, event, data }: ServerSentEvent): string {
  let frame = '';
  if (id !== undefined) frame += `id: ${id}\n`;
  if (event !== undefined) frame += `event: ${event}\n`;
  return `${frame}data: ${data}\n\n`;
}

/** The last frame of an Assistants stream. */
export const DONE_EVENT: ServerSentEvent = { event: 'done', data: '[DONE]' };

/** A comment that keeps proxies from closing a silent stream; every SDK skips it. */
export const KEEP_ALIVE_COMMENT = ': keepalive\n\n';
