/** What a kernel says about its call. Every field was in reach of the code that ran: it is a claim, no more. */
export type KernelMessage =
  | { type: 'ready' }
  | { type: 'stdout' | 'stderr' | 'result'; text: string }
  | { type: 'image'; name: string }
  | { type: 'done'; status: KernelStatus };

export type KernelStatus = 'ok' | 'error' | 'interrupted';

/**
 * Reads one line of the control channel.
 * @param nonce The running call's, or '' before the first.
 * @returns undefined for whatever is not a well-formed message of that call: the code can write lines too.
 */
export function parseKernelMessage(line: Buffer, nonce: string): KernelMessage | undefined {
  const value = parseObject(line);
  if (value === undefined || value['call'] !== nonce) return undefined;
  switch (value['event']) {
    case 'ready':
      return { type: 'ready' };
    case 'stdout':
    case 'stderr':
    case 'result':
      return typeof value['text'] === 'string' ? { type: value['event'], text: value['text'] } : undefined;
    case 'image':
      return typeof value['name'] === 'string' ? { type: 'image', name: value['name'] } : undefined;
    case 'done':
      return isKernelStatus(value['status']) ? { type: 'done', status: value['status'] } : undefined;
    default:
      return undefined;
  }
}

function parseObject(line: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isKernelStatus(value: unknown): value is KernelStatus {
  return value === 'ok' || value === 'error' || value === 'interrupted';
}
