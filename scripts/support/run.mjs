import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const EXIT_CODE_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: 137 };

/**
 * Runs a Node program in the project's folder with our input and output, passes on the signals that we get, and
 * gives its exit code. The child decides when a signal ends it: it may have work to drain.
 */
export function runNode(nodeArguments, { environment = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, nodeArguments, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    const forward = (signal) => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return; // The terminal has sent it to the child already.
      child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of FORWARDED_SIGNALS) process.off(name, forward);
      resolve(code ?? EXIT_CODE_OF_SIGNAL[signal] ?? 1);
    });
  });
}
