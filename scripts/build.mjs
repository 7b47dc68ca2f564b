/** `npm run build`: compiles the server into dist/. A failed build is never taken for a good one by `npm start`. */
import { build } from './support/build.mjs';

process.exitCode = await build();
