import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** The release that the targets were measured with. */
export const PORTKEY_VERSION = '1.15.2';

/** With the newer versions that a plain install takes, every stream is answered with status 500. */
const PINNED = { hono: '4.9.7', '@hono/node-server': '1.13.8' };

const INSTALL_TIMEOUT_MS = 120_000;
const PROGRAM = join('node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
/** Scripts of foreign packages have no business on the machine of who measures. */
const COMMAND = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];

/**
 * Portkey's gateway from npm's registry, in a folder that is kept. Gives the path of its program.
 * Throws where npm cannot install it; the folder is then left as it was. The environment is npm's.
 */
export async function installPortkey(folder: string, environment = process.env): Promise<string> {
  const program = join(folder, PROGRAM);
  if (await exists(program)) return program;
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = `${folder}.${process.pid}`;
  try {
    await mkdir(unfinished);
    await writeFile(join(unfinished, 'package.json'), JSON.stringify(manifest()));
    await promisify(execFile)('npm', COMMAND, { cwd: unfinished, env: environment, timeout: INSTALL_TIMEOUT_MS });
    await stat(join(unfinished, PROGRAM));
    await rm(folder, { recursive: true, force: true });
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return program;
}

function manifest(): object {
  return {
    name: 'threadmill-bench-portkey',
    private: true,
    dependencies: { '@portkey-ai/gateway': PORTKEY_VERSION },
    overrides: PINNED,
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
