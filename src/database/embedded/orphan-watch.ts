import { Worker } from 'node:worker_threads';

const CHECK_EVERY_MS = 500;

/** Given as text: a thread cannot be started from a TypeScript file, and this must also run from the sources. */
const PROGRAM = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== workerData.parent) process.kill(process.pid, 'SIGKILL');
  }, workerData.checkEveryMs);
`;

/**
 * Ends this process within a second of its parent's death. A thread of its own watches, because a query blocks the
 * main one: a query that never ends would hold the directory for ever once nobody is left to kill it.
 * Windows tells nothing about a parent's death; there the closed IPC channel has to do.
 */
export function watchParent(): void {
  if (process.platform === 'win32') return;
  const workerData = { parent: process.ppid, checkEveryMs: CHECK_EVERY_MS };
  new Worker(PROGRAM, { eval: true, execArgv: [], workerData }).unref();
}
