import { BubblewrapProvider } from '@libs/sandbox';
import { Chaos } from './chaos.js';
import { killOneBelow } from './processes.js';

const [workspacesRoot, seed] = process.argv.slice(2);
if (workspacesRoot === undefined) throw new Error('usage: killed-server ROOT SEED');

/** A server with many sessions under way, for the suite to kill. */
const provider = new BubblewrapProvider({ workspacesRoot, python: '/usr/bin/python3', warmKernels: 1 });
await provider.probe();
process.stdout.write('busy\n');
const plan = { sessions: 10_000, tenants: 8, concurrency: 8, killOne: killOneBelow };
await new Chaos({ ...plan, provider, seed: Number(seed) }).run();
