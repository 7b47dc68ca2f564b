import { describeMainJob } from './support/main-job.js';
import { describeWith } from '../support/requirements.js';

describe('the main job on embedded defaults', () => describeMainJob({}));

describeWith('postgres', 'the main job', () => {
  describeWith('redis', 'on Postgres and Redis', () => describeMainJob({ engine: 'postgres+redis' }));
  describeWith('redis', 'on Postgres and Redis, with a process for the API and one for the work', () =>
    describeMainJob({ engine: 'postgres+redis', workers: 1 }),
  );
});
