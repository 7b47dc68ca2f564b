import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalServer } from '../../scripts/demo/local-server.js';
import { isBuildFresh } from '../../scripts/support/build.mjs';
import { SERVER_FLAGS } from '../../scripts/support/server-flags.mjs';
import { HelperProcess } from '../support/helper-process.js';
import { PORTKEY_VERSION } from './portkey-install.js';
import { PortkeyGateway } from './portkey.js';

export type OwnTargetName = 'direct' | 'pipe' | 'threadmill';
export type TargetName = OwnTargetName | 'portkey';

/** A value for each target; Portkey's gateway may be missing. */
export type PerTarget<Value> = Record<OwnTargetName, Value> & { portkey?: Value };

/** Something that answers chat completions. */
export interface Target {
  origin: string;
  pid: number;
  /** Headers that it wants beside those of every request. */
  headers?: Record<string, string>;
}

export interface Targets {
  all: PerTarget<Target>;
  /** Why Portkey's gateway is not among them. */
  portkeyMissing?: string;
  /** A user's token; the others do not look at it. */
  token: string;
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = [...SERVER_FLAGS, '--import', '@swc-node/register/esm-register', join(ROOT, 'src/main.ts')];
const BUILD = [...SERVER_FLAGS, join(ROOT, 'dist/src/main.js')];

/** Kept from run to run, never in version control. */
const PORTKEY_FOLDER = join(ROOT, '.cache', `portkey-gateway-${PORTKEY_VERSION}`);

const programOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The imitated model server, and before it the pipe, the product and Portkey's gateway: each a process of its own. */
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
  const { portkey, portkeyMissing } = await startPortkey(model.origin);
  return {
    all: { direct: model, pipe, threadmill: { origin: server.url, pid: server.pid }, ...(portkey && { portkey }) },
    ...(portkeyMissing !== undefined && { portkeyMissing }),
    token: await server.signUp('bench', 'bench-password'),
    stop: async () => {
      await server.stop();
      portkey?.stop();
      pipe.stop();
      model.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** It comes from npm's registry, which not every machine reaches: the rest is measured all the same. */
async function startPortkey(modelOrigin: string): Promise<{ portkey?: PortkeyGateway; portkeyMissing?: string }> {
  try {
    return { portkey: await PortkeyGateway.start(PORTKEY_FOLDER, modelOrigin) };
  } catch (error) {
    return { portkeyMissing: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error) };
  }
}
