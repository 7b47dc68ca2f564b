import type { IncomingMessage } from 'node:http';

/** The form of W3C Trace Context: version, trace, span, flags. Whatever later versions add behind is left away. */
export const TRACE_PARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/;

/** What the request belongs to in a trace; undefined where it does not say, or nothing that is valid. */
export function traceParentOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.[0] : undefined;
}
