import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@config';
import { newId } from '@libs/kernel';
import { notFound } from '@libs/openai-wire';
import { CONFIG } from '../../common/config.token.js';
import { bodyLimit } from '../../common/http/index.js';
import type { TenantScope } from '../../common/principal.js';
import { Database } from '../../database/database.js';
import type { Page } from '../../database/pagination.js';
import type { ListRequest } from '../../database/tenant-repository.js';
import { WorkspaceEnds } from '../../events/workspace-ends.js';
import { WorkspaceFilesService } from '../files/index.js';
import { SessionMessagesRepository } from './session-messages.repository.js';
import { SessionsRepository } from './sessions.repository.js';
import type { OpenSession, SessionMessage, SessionRecord, SessionTurn } from './sessions.types.js';

/** Stands for the id of a session that is to be begun. */
export const NEW_SESSION = 'new';

const MOST_SHOWN = 1000;

/** Conversations that chat completions go on with. The id of each names its workspace, too. */
@Injectable()
export class SessionsService {
  /** A turn has no more to read than a request may bring. */
  private readonly mostBytes: number;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly sessions: SessionsRepository,
    private readonly messages: SessionMessagesRepository,
    private readonly workspaceFiles: WorkspaceFilesService,
    private readonly workspaceEnds: WorkspaceEnds,
  ) {
    this.mostBytes = bodyLimit(config.MAX_BODY_SIZE_MB);
  }

  /** The session that a request names, or a new one, of which nothing is kept before its first answer. */
  async open(scope: TenantScope, id: string): Promise<OpenSession> {
    if (id === NEW_SESSION) return { ...EMPTY, id: newId('session'), isNew: true };
    const session = await this.sessions.find(scope, id);
    if (!session) throw notFound('session', id);
    const { instructions, agentType, lastCodeCall } = session;
    const limits = { messages: this.config.MAX_CONVERSATION_HISTORY, bytes: this.mostBytes };
    const messages = await this.messages.newest(scope, id, limits);
    return { id, isNew: false, instructions, lastCodeCall, agentType: agentType ?? undefined, messages };
  }

  /** Adds a turn. Throws 404 where the session was deleted meanwhile. */
  async keep(scope: TenantScope, { id, isNew }: OpenSession, turn: SessionTurn): Promise<void> {
    await this.database.transaction(async () => {
      const { instructions, lastCodeCall } = turn;
      const session = isNew ? await this.begin(scope, id, turn) : await this.sessions.lock(scope, id);
      if (!session) throw notFound('session', id);
      for (const message of turn.messages) {
        const bytes = Buffer.byteLength(JSON.stringify(message));
        await this.messages.insert(scope, { id: newId('message'), sessionId: id, message, bytes });
      }
      await this.sessions.change(scope, id, {
        messageCount: session.messageCount + turn.messages.length,
        ...(instructions.length > 0 ? { instructions } : {}),
        ...(lastCodeCall === null ? {} : { lastCodeCall }),
      });
    });
  }

  list(scope: TenantScope, page: ListRequest): Promise<Page<SessionRecord>> {
    return this.sessions.list(scope, page);
  }

  /** The newest messages, oldest first, behind the instructions; null where there is no such session. */
  async history(scope: TenantScope, id: string): Promise<{ messages: SessionMessage[]; hasMore: boolean } | null> {
    const session = await this.sessions.find(scope, id);
    if (!session) return null;
    const said = await this.messages.newest(scope, id, { messages: MOST_SHOWN, bytes: this.mostBytes });
    return { messages: [...session.instructions, ...said], hasMore: said.length < session.messageCount };
  }

  /** The model's id for the last code that ran in a session, null where none has; undefined: there is no such session. */
  async lastCodeCall(scope: TenantScope, id: string): Promise<string | null | undefined> {
    return (await this.sessions.find(scope, id))?.lastCodeCall;
  }

  /** Notes code that ran in a session outside of its turns: the next turn then knows the interpreter for its own. */
  async noteCodeCall(scope: TenantScope, id: string, callId: string): Promise<void> {
    await this.sessions.change(scope, id, { lastCodeCall: callId });
  }

  /** Whether there was one. Its interpreter ends, and its files have no place any more; the files themselves stay. */
  async delete(scope: TenantScope, id: string): Promise<boolean> {
    const isDeleted = await this.database.transaction(async () => {
      if (!(await this.sessions.remove(scope, id))) return false;
      await this.workspaceFiles.removeWorkspace(scope, id);
      return true;
    });
    if (isDeleted) await this.workspaceEnds.announce({ projectId: scope.projectId, workspaceId: id });
    return isDeleted;
  }

  private begin(scope: TenantScope, id: string, { agentType }: SessionTurn): Promise<SessionRecord> {
    const nothing = { instructions: [], messageCount: 0, lastCodeCall: null };
    return this.sessions.insert(scope, { id, agentType: agentType ?? null, ...nothing });
  }
}

const EMPTY = { instructions: [], messages: [], agentType: undefined, lastCodeCall: null };
