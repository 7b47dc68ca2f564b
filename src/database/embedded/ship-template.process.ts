import { shipTemplate } from './template.js';

/** The last step of the build, run from what was compiled. */
await shipTemplate();
