import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalServer } from '../../scripts/demo/local-server.js';
import { isBuildFresh } from '../../scripts/support/build.mjs';
import { HelperProcess } from '../support/helper-process.js';

export type TargetName = 'direct' | 'pipe' | 'threadmill';

export const TARGET_NAMES: readonly TargetName[] = ['direct', 'pipe', 'threadmill'];

/** Something that answers chat completions. */
export interface Target {
  origin: string;
  pid: number;
}

export interface Targets {
  all: Record<TargetName, Target>;
  /** A user's token; the others do not look at it. */
  token: string;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = ['--import', '@swc-node/register/esm-register', join(ROOT, 'src/main.ts')];
const BUILD = [join(ROOT, 'dist/src/main.js')];

const programOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The imitated model server, the pipe before it, and the product before it: each a process of its own. */
export async function startTargets(): Promise<Targets> {
  const model = await HelperProcess.start(programOf('./model-server.mjs'));
  const pipe = await HelperProcess.start(programOf('./pipe-proxy.mjs'), [String(model.port)]);
  const dataDir = await mkdtemp(join(tmpdir(), 'threadmill-bench-'));
  const server = await LocalServer.start({
    program: (await isBuildFresh()) ? BUILD : SOURCE,
    dataDir,
    // The sandbox has no part in a pass-through; a pool of it that warms up meanwhile would be measured.
    environment: { VLLM_HOST: model.origin, SANDBOX_PROVIDER: 'none', NODE_ENV: 'production', LOG_LEVEL: 'info' },
  });
  process.on('exit', () => server.kill());
  return {
    all: { direct: model, pipe, threadmill: { origin: server.url, pid: server.pid } },
    token: await server.signUp('bench', 'bench-password'),
    stop: async () => {
      await server.stop();
      pipe.stop();
      model.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
