import { loadConfig } from '@config';
import { runProcess, work } from './process.js';

await runProcess(() => work(loadConfig(undefined, { ROLE: 'worker' })));
