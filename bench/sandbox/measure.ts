import { BubblewrapProvider, type SandboxProvider, type SandboxSession } from '@libs/sandbox';
import { sleep } from '@libs/kernel';
import { descendantsOf, privateBytesOf } from '../support/process-usage.js';
import { timeBareBubblewrap } from './bare-bubblewrap.js';
import type { Plan } from './plan.js';

/** Milliseconds, one value a sample. */
export interface Timings {
  bare: number[];
  coldTrivial: number[];
  coldPandas: number[];
  warmTrivial: number[];
  warmPandas: number[];
  nextCell: number[];
}

export interface Measurement {
  timings: Timings;
  /** Cold sessions opened, used and ended in a second. */
  sessionsPerSecond: number;
  /** Of one kernel that waits, with everything that confines it; null where the system does not tell. */
  privateBytesPerKernel: number | null;
  modules: string[];
}

const PYTHON = '/usr/bin/python3';
const TRIVIAL = '1 + 1';
const BARE_TRIVIAL = 'print(1 + 1)';
const PANDAS = 'import pandas as pd\npd.DataFrame({"a": [1, 2, 3]})["a"].sum()';
const POLL_MS = 20;

/** Measures the ways to a first result in turns, so that whatever else the machine does meets them all. */
export async function measure(plan: Plan, root: string, progress: (text: string) => void): Promise<Measurement> {
  const cold = new BubblewrapProvider({ workspacesRoot: root, python: PYTHON });
  const warm = new BubblewrapProvider({ workspacesRoot: root, python: PYTHON, warmKernels: plan.warmKernels });
  try {
    const modules = await modulesOf(cold);
    await modulesOf(warm);
    const timings = await measureFirstResults(plan, { cold, warm, hasPandas: modules.includes('pandas') }, progress);
    progress('memory of kernels that wait');
    await waitForPool(warm);
    const privateBytesPerKernel = privateBytesOfChildren(plan.warmKernels);
    // The rate is that of cold starts: a pool that fills up meanwhile would share the processors.
    await warm.close();
    progress('next cells');
    timings.nextCell = await measureNextCells(plan, cold);
    progress('sessions a second');
    return { timings, sessionsPerSecond: await measureRate(plan, cold), privateBytesPerKernel, modules };
  } finally {
    await Promise.all([cold.close(), warm.close()]);
  }
}

async function modulesOf(provider: SandboxProvider): Promise<string[]> {
  const probe = await provider.probe();
  if (!probe.ok) throw new Error(`There is nothing to measure: ${probe.reason}`);
  return probe.modules;
}

async function measureFirstResults(
  plan: Plan,
  { cold, warm, hasPandas }: { cold: SandboxProvider; warm: SandboxProvider; hasPandas: boolean },
  progress: (text: string) => void,
): Promise<Timings> {
  const timings: Timings = {
    ...{ bare: [], coldTrivial: [], coldPandas: [], warmTrivial: [], warmPandas: [], nextCell: [] },
  };
  for (let sample = 0; sample < plan.samples; sample += 1) {
    progress(`first results: ${sample + 1} of ${plan.samples}`);
    await waitForPool(warm);
    timings.warmTrivial.push(await timeFirstResult(warm, TRIVIAL));
    // Until the pool is full again it has the processors.
    await waitForPool(warm);
    timings.bare.push(await timeBareBubblewrap(PYTHON, BARE_TRIVIAL));
    timings.coldTrivial.push(await timeFirstResult(cold, TRIVIAL));
    if (!hasPandas) continue;
    timings.warmPandas.push(await timeFirstResult(warm, PANDAS));
    await waitForPool(warm);
    timings.coldPandas.push(await timeFirstResult(cold, PANDAS));
  }
  return timings;
}

async function waitForPool(provider: SandboxProvider): Promise<void> {
  for (;;) {
    const { ready, size, lastFailure } = provider.state()?.pool ?? { ready: 0, size: 0, lastFailure: null };
    if (ready >= size) return;
    if (lastFailure !== null) throw new Error(`The pool does not fill: ${lastFailure}`);
    await sleep(POLL_MS);
  }
}

/** From the wish for a session to the end of its first cell; the session's end is not counted. */
async function timeFirstResult(provider: SandboxProvider, code: string): Promise<number> {
  const startedAt = performance.now();
  const session = await open(provider);
  await run(session, code);
  const duration = performance.now() - startedAt;
  await session.dispose();
  return duration;
}

async function measureNextCells({ nextCells }: Plan, provider: SandboxProvider): Promise<number[]> {
  const session = await open(provider);
  await run(session, TRIVIAL);
  const timings: number[] = [];
  for (let cell = 0; cell < nextCells; cell += 1) {
    const startedAt = performance.now();
    await run(session, TRIVIAL);
    timings.push(performance.now() - startedAt);
  }
  await session.dispose();
  return timings;
}

async function measureRate({ sessions, concurrency }: Plan, provider: SandboxProvider): Promise<number> {
  let left = sessions;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const session = await open(provider);
      await run(session, TRIVIAL);
      await session.dispose();
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return (sessions / (performance.now() - startedAt)) * 1000;
}

function open(provider: SandboxProvider): Promise<SandboxSession> {
  return provider.acquire({ workspaceId: 'bench', tenantId: 'bench' });
}

async function run(session: SandboxSession, code: string): Promise<void> {
  let hasResult = false;
  for await (const event of session.run(code)) {
    if (event.type === 'result') hasResult = true;
    if (event.type === 'done' && (event.status !== 'ok' || !hasResult)) throw new Error(`A cell: ${event.status}.`);
  }
}

/** Nothing else runs below this process while the pool is full and nobody uses it. */
function privateBytesOfChildren(kernels: number): number | null {
  const sizes = descendantsOf(process.pid).map((pid) => privateBytesOf(pid));
  const known = sizes.filter((size) => size !== null);
  return known.length < kernels ? null : known.reduce((sum, size) => sum + size, 0) / kernels;
}
