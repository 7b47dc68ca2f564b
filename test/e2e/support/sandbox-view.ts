import type { ScriptedServer } from './scripted-server.js';
import { pythonTurn } from './scripted-server.js';

export interface SandboxView {
  provider: string;
  available: boolean;
  enforces: string[];
  processes: { id: string; role: string; provider: string; available: boolean; sessions: number }[];
  egress: unknown;
  sessions: { id: string; process: string; status: string }[];
}

/** What administrators see and do. */
export class SandboxAdmin {
  private constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  static async of({ server }: ScriptedServer): Promise<SandboxAdmin> {
    return new SandboxAdmin(server.baseUrl, await server.logIn('admin', server.adminPassword));
  }

  async view(): Promise<SandboxView> {
    return (await (await this.ask('')).json()) as SandboxView;
  }

  /** @returns the status of the answer */
  async kill(sessionId: string): Promise<number> {
    return (await this.ask(`/sessions/${sessionId}`, 'DELETE')).status;
  }

  private ask(path: string, method = 'GET'): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}` };
    return fetch(`${this.baseUrl}/v1/sandbox${path}`, { method, headers });
  }
}

/** The logs of a run of one call. */
export async function runPython(scripted: ScriptedServer, threadId: string, code: string): Promise<string> {
  const { client, models, assistantId } = scripted;
  models.setScript([pythonTurn(code), { text: 'Done.' }]);
  const { id, status, last_error } = await client.beta.threads.runs.createAndPoll(
    threadId,
    { assistant_id: assistantId },
    { pollIntervalMs: 50 },
  );
  expect({ status, last_error }).toEqual({ status: 'completed', last_error: null });
  const steps = await client.beta.threads.runs.steps.list(id, { thread_id: threadId, order: 'asc' });
  const calls = steps.data.flatMap(({ step_details: details }) =>
    details.type === 'tool_calls' ? details.tool_calls : [],
  );
  return calls
    .flatMap((call) => (call.type === 'code_interpreter' ? call.code_interpreter.outputs : []))
    .map((output) => (output.type === 'logs' ? output.logs : ''))
    .join('');
}
