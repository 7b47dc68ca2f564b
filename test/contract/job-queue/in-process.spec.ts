import { Logger } from '@nestjs/common';
import { InProcessJobQueue } from '../../../src/jobs/in-process-job-queue.js';
import { describeJobQueue } from './job-queue.contract.js';

describe('InProcessJobQueue', () => {
  beforeAll(() => Logger.overrideLogger(false));

  describeJobQueue(() =>
    Promise.resolve({
      queue: new InProcessJobQueue(),
      engine: 'in-process',
      remove: () => Promise.resolve(),
    }),
  );
});
