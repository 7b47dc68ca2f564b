import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** A frame of a stream as it came over the wire. */
export interface Frame {
  event: string;
  id: number | undefined;
  data: Body;
}

/** An object of the wire, of which a test reads what it knows to be there. */
export interface Body {
  id?: string;
  status?: string;
  type?: string;
  delta?: { content?: DeltaPart[]; step_details?: { type: string; tool_calls?: CallPart[] } };
  step_details?: { type: string; tool_calls?: unknown[]; message_creation?: { message_id: string } };
  content?: unknown[];
  [field: string]: unknown;
}

export interface DeltaPart {
  index: number;
  type: string;
  text?: { value?: string; annotations?: unknown[] };
}

export interface CallPart {
  index: number;
  id?: string;
  type: string;
  function?: { name?: string; arguments?: string; output?: string | null };
  code_interpreter?: { input?: string; outputs?: { index: number; type: string; logs?: string }[] };
}

const DONE = '[DONE]';

/** The frames of an answer as they come; those without a name have an empty one. */
export async function* readFrames(response: Response): AsyncGenerator<Frame> {
  const ready: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => ready.push(event) });
  const decoder = new TextDecoder();
  if (response.body === null) throw new Error('The answer has no body.');
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
    for (const { event = '', id, data } of ready.splice(0)) {
      const body = data === DONE ? {} : (JSON.parse(data) as Body);
      yield { event, id: id === undefined ? undefined : Number(id), data: body };
    }
  }
}

export async function allFrames(response: Response): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(response)) frames.push(frame);
  return frames;
}

/** Name and status of each frame, in order; a row of deltas counts as one. */
export function outlineOf(frames: readonly Frame[]): string[] {
  const lines = frames.map(({ event, data }) => {
    const name = event.replace(/^thread\./, '');
    return data.status === undefined ? name : `${name} (${data.status})`;
  });
  return lines.filter((line, index) => !line.endsWith('.delta') || lines[index - 1] !== line);
}

export function dataOf(frames: readonly Frame[], event: string): Body[] {
  return frames.filter((frame) => frame.event === event).map(({ data }) => data);
}

export function one(bodies: readonly Body[]): Body {
  const [body] = bodies;
  if (body === undefined || bodies.length > 1) throw new Error(`${bodies.length} objects where one was expected.`);
  return body;
}
