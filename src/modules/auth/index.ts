export { AuthModule } from './auth.module.js';
export { KnownCallers } from './known-callers.js';
export { FirstStart, type FirstStartOutcome } from './first-start.js';
