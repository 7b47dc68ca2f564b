import { readFileSync } from 'node:fs';

/** The program of a container's first process. */
export function relaySource(): string {
  return readFileSync(new URL('./relay.py', import.meta.url), 'utf8');
}

/** Channels of the frames that the relay sends. */
export const CHANNEL = { replies: 1, stdout: 2, stderr: 3, ended: 4 } as const;
