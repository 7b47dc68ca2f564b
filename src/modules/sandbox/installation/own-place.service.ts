import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Config } from '@config';
import { errorMessage } from '@libs/kernel';
import type { ProbeResult, SandboxProvider } from '@libs/sandbox';
import { CONFIG } from '../../../common/config.token.js';
import { BOARD_TTL_MS, ProcessBoard } from '../../../events/process-board.js';
import { CHOOSING } from '../../../providers/eventual-sandbox.js';
import { SANDBOX_PROVIDER } from '../../../providers/sandbox.module.js';
import { SandboxSessions } from '../sessions/sandbox-sessions.js';
import { placeToText, type SandboxPlace } from './sandbox-place.js';

const LOOK_MS = 1_000;
/** What has not changed is told again before the others forget it. */
const REPEAT_MS = BOARD_TTL_MS / 3;

/** The sandbox of this process, and what the other processes are told of it. */
@Injectable()
export class OwnPlace implements OnModuleInit, OnApplicationShutdown {
  readonly id = `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;
  private readonly logger = new Logger('Sandbox');
  private timer: NodeJS.Timeout | undefined;
  private told = { text: '', at: 0 };

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'ROLE'>,
    @Inject(SANDBOX_PROVIDER) private readonly provider: SandboxProvider,
    private readonly sessions: SandboxSessions,
    private readonly board: ProcessBoard,
  ) {}

  onModuleInit(): void {
    if (!this.board.isShared) return;
    this.timer = setInterval(() => void this.tell(), LOOK_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.board.remove(this.id).catch(() => undefined);
  }

  /** Without waiting for a probe that is still under way. */
  async view(): Promise<SandboxPlace> {
    const { provider } = this;
    return {
      ...{ id: this.id, role: this.config.ROLE, provider: provider.name, probe: await this.probe() },
      ...{ state: provider.state(), sessions: this.sessions.list() },
    };
  }

  async probe(): Promise<ProbeResult> {
    if (this.provider.name === CHOOSING) return { ok: false, reason: 'The sandbox is still being probed.' };
    return this.provider.probe();
  }

  private async tell(): Promise<void> {
    try {
      const text = placeToText(await this.view());
      if (text === this.told.text && Date.now() - this.told.at < REPEAT_MS) return;
      await this.board.post({ processId: this.id, data: text });
      this.told = { text, at: Date.now() };
    } catch (error) {
      this.logger.warn(`The other processes do not hear of this one's sandbox: ${errorMessage(error)}`);
    }
  }
}
