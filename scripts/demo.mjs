/** `npm run demo`: builds if the sources changed since the last build, then runs the demo. */
import { buildIfNeeded } from './support/build.mjs';
import { runNode } from './support/run.mjs';

const buildCode = await buildIfNeeded();
const demoArguments = process.argv.slice(2);
process.exitCode = buildCode === 0 ? await runNode(['dist/scripts/demo/demo.js', ...demoArguments]) : buildCode;
