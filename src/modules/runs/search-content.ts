import type { WireRunStep } from '@libs/openai-wire';
import type { NumberedFrame } from './run-stream.js';

/** A step's event without what its searches found: only where (openai-wire.md section 5.2). Other events are as they were. */
export function withoutSearchContent(frame: NumberedFrame): NumberedFrame {
  const isStep = frame.event.startsWith('thread.run.step.') && frame.event !== 'thread.run.step.delta';
  if (!isStep || !frame.data.includes('"file_search"')) return frame;
  const step = JSON.parse(frame.data) as WireRunStep;
  if (step.step_details.type !== 'tool_calls') return frame;
  for (const call of step.step_details.tool_calls) {
    if (call.type === 'file_search') for (const result of call.file_search.results ?? []) delete result.content;
  }
  return { ...frame, data: JSON.stringify(step) };
}
