import { parseArgs } from 'node:util';
import { ImitationModelServer, PROFILES } from './model-server.js';
import type { ProfileName } from './profile.js';

/** `tsx test/fakes/model-server/main.ts --profile vllm --port 8000`: the imitation as a process of its own. */
const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'vllm' },
    port: { type: 'string', default: '0' },
    'api-key': { type: 'string' },
  },
});
if (!(values.profile in PROFILES)) throw new Error(`There is no profile ${values.profile}.`);
const apiKey = values['api-key'];
const server = new ImitationModelServer({
  profile: values.profile as ProfileName,
  port: Number(values.port),
  ...(apiKey !== undefined && { apiKey }),
});
await server.start();
console.log(`listening on ${server.url}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.stop());
