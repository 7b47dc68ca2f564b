import { answer, readFields, Refusal, type Exchange } from './exchange.js';
import { toKey } from './hold-routes.js';
import type { HostedSessions } from './hosted-sessions.js';

/** The host and its sessions as a whole. */
export class SessionRoutes {
  constructor(private readonly sessions: HostedSessions) {}

  async report({ response }: Exchange): Promise<void> {
    answer(response, 200, await this.sessions.report());
  }

  list({ response }: Exchange): void {
    answer(response, 200, { sessions: this.sessions.list() });
  }

  /** When the workspace's session was last used; null without one. */
  async find({ request, response }: Exchange): Promise<void> {
    const kept = this.sessions.lookUp(toKey(await readFields(request)));
    answer(response, 200, { lastUsedAt: kept?.lastUsedAt.getTime() ?? null });
  }

  async endOf({ request, response }: Exchange): Promise<void> {
    const kept = this.sessions.lookUp(toKey(await readFields(request)));
    if (kept !== undefined) await this.sessions.end(kept);
    answer(response, 204);
  }

  async kill({ id, response }: Exchange): Promise<void> {
    if (!(await this.sessions.kill(id))) throw new Refusal(404, 'There is no such session.');
    answer(response, 204);
  }
}
