import type { ToolEvent } from '@libs/agent';
import { FakeSandbox } from '../../../test/fakes/fake-sandbox.js';
import { InProcessEventBus } from '../../events/in-process-event-bus.js';
import { WorkspaceEnds } from '../../events/workspace-ends.js';
import { ProcessSessions } from '../sandbox/sessions/process-sessions.js';
import { CodeInterpreterTool } from './code-interpreter.tool.js';
import { CodeSession, type CodeHistory } from './code-session.js';
import type { WorkspaceSync } from './workspace-sync.js';

const SCOPE = { projectId: 'proj_1' };
const WORKSPACE = 'thread_1';
const LOST = 'its variables are gone';
const { signal: never } = new AbortController();

describe('CodeInterpreterTool', () => {
  let bus: InProcessEventBus;
  let provider: FakeSandbox;
  let sessions: ProcessSessions;
  /** The last call that was completed anywhere, as the database would say. */
  let last: string | null;
  let asked: number;
  const order: string[] = [];

  beforeEach(() => {
    bus = new InProcessEventBus();
    provider = new FakeSandbox();
    provider.eventsOf = (code) => {
      order.push(code);
      return [{ type: 'done', status: 'ok', stateLost: false }];
    };
    sessions = new ProcessSessions(
      { SANDBOX_IDLE_SECONDS: 60, SANDBOX_MAX_SESSIONS: 4 },
      provider,
      new WorkspaceEnds(bus),
    );
    last = null;
    asked = 0;
    order.length = 0;
  });
  afterEach(async () => {
    await sessions.onApplicationShutdown();
    await bus.close();
  });

  const HISTORY: CodeHistory = {
    lastCall: () => {
      asked += 1;
      return Promise.resolve(last);
    },
  };
  const files = {
    placeNew: () => {
      order.push('files');
      return Promise.resolve();
    },
    keep: () => Promise.resolve(null),
  } as unknown as WorkspaceSync;

  /** The tools of one run, or of one chat completion. */
  const open = (history: CodeHistory | null = HISTORY): CodeInterpreterTool => {
    const workspace = { id: WORKSPACE, ...(history === null ? {} : { history }) };
    return new CodeInterpreterTool(new CodeSession(sessions, files, SCOPE, workspace), 'Runs Python.');
  };

  const result = async (tool: CodeInterpreterTool, id: string, given: string): Promise<string> => {
    const events: ToolEvent[] = [];
    for await (const event of tool.execute({ id, arguments: given }, never)) events.push(event);
    const end = events.at(-1);
    if (end?.type !== 'result') throw new Error('The last event is no result.');
    return end.content;
  };
  /** A call that is completed and written down. */
  const call = async (tool: CodeInterpreterTool, id: string): Promise<string> => {
    const content = await result(tool, id, JSON.stringify({ code: id }));
    last = id;
    return content;
  };

  it('keeps the session from call to call and from run to run', async () => {
    const tool = open();
    expect([await call(tool, 'c1'), await call(tool, 'c2')]).toEqual(['(no output)', '(no output)']);
    await tool.dispose();
    expect(await call(open(), 'c3')).toBe('(no output)');
    expect(provider.sessions).toHaveLength(1);
  });

  it('places what is new before each call', async () => {
    const tool = open();
    await call(tool, 'c1');
    await call(tool, 'c2');
    expect(order).toEqual(['files', 'c1', 'files', 'c2']);
  });

  it('asks for the history once a run', async () => {
    const tool = open();
    await call(tool, 'c1');
    await call(tool, 'c2');
    expect(asked).toBe(1);
  });

  it('ends the session with the tools where there is no conversation to go on', async () => {
    const tool = open(null);
    await call(tool, 'c1');
    await tool.dispose();
    expect(provider.sessions[0]?.isDisposed).toBe(true);
  });

  it('tells the model of a new interpreter after an earlier run, once', async () => {
    last = 'c0';
    const tool = open();
    expect(await call(tool, 'c1')).toContain(LOST);
    expect(await call(tool, 'c2')).not.toContain(LOST);
  });

  it('tells the model of an interpreter that ended in the middle of the run', async () => {
    const tool = open();
    await call(tool, 'c1');
    await sessions.endOf(SCOPE, WORKSPACE);
    expect(await call(tool, 'c2')).toContain(LOST);
  });

  it('starts anew where another process has run code since, and says so', async () => {
    await call(open(), 'c1');
    last = 'elsewhere';
    expect(await call(open(), 'c2')).toContain(LOST);
    expect(provider.sessions.map(({ isDisposed }) => isDisposed)).toEqual([true, false]);
    expect(await call(open(), 'c3')).not.toContain(LOST);
  });

  it('goes on after a call that the model got wrong', async () => {
    await call(open(), 'c1');
    expect(await result(open(), 'wrong', '{')).toContain('must be a JSON object');
    last = 'wrong';
    expect(await call(open(), 'c2')).toBe('(no output)');
  });

  it('lets the next caller in where the history, the files or the code fail', async () => {
    const failing = { lastCall: () => Promise.reject(new Error('no database')) };
    await expect(call(open(failing), 'c1')).rejects.toThrow('no database');
    provider.eventsOf = () => {
      throw new Error('no kernel');
    };
    await expect(call(open(), 'c2')).rejects.toThrow('no kernel');
    provider.eventsOf = () => [{ type: 'done', status: 'ok', stateLost: false }];
    expect(await call(open(), 'c3')).toBe('(no output)');
    expect(sessions.list().map(({ isBusy }) => isBusy)).toEqual([false]);
  });
});
