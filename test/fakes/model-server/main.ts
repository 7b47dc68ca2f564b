import { parseArgs } from 'node:util';
import { ImitationModelServer, PROFILES } from './model-server.js';
import type { ProfileName } from './profile.js';

/**
 * `tsx test/fakes/model-server/main.ts --profile vllm --port 8000`: the imitation as a process of its own. Both options may
 * be repeated, for several servers of one process.
 */
const { values } = parseArgs({
  options: {
    profile: { type: 'string', multiple: true, default: ['vllm'] },
    port: { type: 'string', multiple: true, default: [] },
    'api-key': { type: 'string' },
  },
});
const apiKey = values['api-key'];
const servers = values.profile.map((profile, index) => {
  if (!(profile in PROFILES)) throw new Error(`There is no profile ${profile}.`);
  const port = Number(values.port[index] ?? 0);
  return new ImitationModelServer({ profile: profile as ProfileName, port, ...(apiKey !== undefined && { apiKey }) });
});
for (const server of servers) {
  await server.start();
  console.log(`listening on ${server.url}`);
}
process.send?.(servers.map(({ url }) => url));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => servers.forEach((server) => void server.stop()));
}
// A test that ends takes its imitations with it.
process.once('disconnect', () => process.exit());
