/** `npm start`: builds if the sources changed since the last build, then serves. */
import { buildIfNeeded } from './support/build.mjs';
import { runNode } from './support/run.mjs';
import { SERVER_FLAGS } from './support/server-flags.mjs';

const buildCode = await buildIfNeeded();
process.exitCode = buildCode === 0 ? await runNode([...SERVER_FLAGS, 'dist/src/main.js']) : buildCode;
