import { loadConfig } from '@config';
import { hostSandbox, runProcess, serve, work } from './process.js';

const ROLES = { all: serve, api: serve, worker: work, sandbox: hostSandbox };

await runProcess(async () => {
  const config = loadConfig();
  await ROLES[config.ROLE](config);
});
