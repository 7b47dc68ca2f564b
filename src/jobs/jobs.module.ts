import { BullModule, getQueueToken } from '@nestjs/bull';
import { Inject, Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import type { Config } from '@config';
import { bullOptions } from './bull-options.js';
import { BullJobQueue, type BullQueue } from './bull-job-queue.js';
import { InProcessJobQueue } from './in-process-job-queue.js';
import { JOB_NAMES, JobQueue, type JobName } from './job-queue.js';

/** How long jobs under way may take when the process is asked to end, before they are told to stop. */
const SHUTDOWN_GRACE_MS = 20_000;

/** Ends the work before the connections that it needs are closed. */
class JobsShutdown implements BeforeApplicationShutdown {
  constructor(@Inject(JobQueue) private readonly queue: JobQueue) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue.close(SHUTDOWN_GRACE_MS);
  }
}

/** Gives everybody the JobQueue: on Redis through Bull where REDIS_URL is set, else in this process. */
@Module({})
export class JobsModule {
  static forRoot(config: Config, prefix = `${config.REDIS_PREFIX}:jobs`): DynamicModule {
    const shared = { module: JobsModule, global: true, exports: [JobQueue] };
    const { REDIS_URL: url } = config;
    if (url === undefined) {
      return { ...shared, providers: [JobsShutdown, { provide: JobQueue, useClass: InProcessJobQueue }] };
    }
    const registrations = JOB_NAMES.map((name) => ({ name, useFactory: () => bullOptions(url, prefix) }));
    return {
      ...shared,
      imports: [BullModule.registerQueueAsync(...registrations)],
      providers: [
        JobsShutdown,
        {
          provide: JobQueue,
          inject: JOB_NAMES.map((name) => getQueueToken(name)),
          useFactory: (...queues: BullQueue[]) =>
            new BullJobQueue(new Map(queues.map((queue) => [queue.name as JobName, queue]))),
        },
      ],
    };
  }
}
