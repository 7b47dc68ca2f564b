/** What the work gives; rejects with the signal's reason where that comes first, and the work goes on unheard. */
export async function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave);
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    if (leave) signal.removeEventListener('abort', leave);
    work.catch(() => undefined);
  }
}
