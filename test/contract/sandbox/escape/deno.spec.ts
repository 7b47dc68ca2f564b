import { DenoProvider } from '@libs/sandbox';
import { describeWith } from '../../../support/requirements.js';
import { describeEscapes } from './escape-suite.js';

describeWith('deno', 'deno', () => {
  describeEscapes('wasm', (workspacesRoot) => new DenoProvider({ workspacesRoot }));
});
