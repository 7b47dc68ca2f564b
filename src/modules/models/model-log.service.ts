import { Inject, Injectable } from '@nestjs/common';
import { WireError } from '@libs/openai-wire';
import type { FileModelLog } from '../../providers/model-log/file-model-log.js';
import { MODEL_LOG } from '../../providers/models.module.js';

/** What was asked of model servers, and what they answered. */
@Injectable()
export class ModelLogService {
  constructor(@Inject(MODEL_LOG) private readonly log: FileModelLog | null) {}

  /** The newest calls, of one run where an id is given. 404 where nothing is recorded. */
  async list(runId: string | undefined, limit: number): Promise<unknown[]> {
    if (!this.log) {
      throw new WireError(404, 'Model calls are not recorded: MODEL_LOG is off.', { code: 'model_log_off' });
    }
    return this.log.read(runId, limit);
  }
}
