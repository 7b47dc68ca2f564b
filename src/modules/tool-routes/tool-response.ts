import type { ToolResponseDto } from './dto/tool-response.dto.js';

/** What a tool did. */
export interface ToolOutcome {
  /** For people and models to read. */
  answer: string;
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  /** Why it failed; absent: it did not. */
  error?: string;
}

export function failed(error: string, { answer = '', data = {} }: Partial<ToolOutcome> = {}): ToolOutcome {
  return { answer, data, error };
}

/**
 * The third seed's answer of a tool: what fails in the tool is part of it, under status 200.
 * @param signal of the client's departure, to which the work listens
 */
export async function toToolResponse(signal: AbortSignal, work: () => Promise<ToolOutcome>): Promise<ToolResponseDto> {
  const start = performance.now();
  const { answer, data, metadata = {}, error = null } = await work().catch(unlessLeft(signal));
  const execution_time = secondsSince(start);
  return { success: error === null, answer, data, metadata: { execution_time, ...metadata }, error };
}

/** Nobody reads what became of work whose client has gone, and no log needs to. */
function unlessLeft(signal: AbortSignal): (error: unknown) => ToolOutcome {
  return (error) => {
    if (signal.aborted) return failed('The client went away.');
    throw error;
  };
}

/** @param start as performance.now() told it */
export function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
