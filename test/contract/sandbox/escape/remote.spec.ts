import { describeWith } from '../../../support/requirements.js';
import { createRemote } from '../hosted.js';
import { describeEscapes } from './escape-suite.js';

describeWith('bubblewrap', 'a sandbox host', () => {
  describeEscapes('process', createRemote);
});
