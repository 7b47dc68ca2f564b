/** `npm start`: builds if the sources changed since the last build, then serves. */
import { buildIfNeeded } from './support/build.mjs';
import { runNode } from './support/run.mjs';

const buildCode = await buildIfNeeded();
process.exitCode = buildCode === 0 ? await runNode(['--max-semi-space-size=4', 'dist/src/main.js']) : buildCode;
