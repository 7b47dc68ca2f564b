export { AuthModule } from './auth.module.js';
export { FirstStart, type FirstStartOutcome } from './first-start.js';
