import { loadConfig } from '@config';
import { runProcess, serve, work } from './process.js';

await runProcess(async () => {
  const config = loadConfig();
  await (config.ROLE === 'worker' ? work(config) : serve(config));
});
