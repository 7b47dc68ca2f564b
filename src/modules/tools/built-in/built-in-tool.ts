import type { Tool } from '@libs/agent';
import type { TenantScope } from '../../../common/principal.js';

export type ToolOptions = Readonly<Record<string, unknown>>;

/**
 * A tool that the server runs itself and that OpenAI's wire does not know: `{"type": name, "options": {…}}` among the
 * tools of an assistant, a run or a chat completion. The model sees functions, and the wire shows their calls as such.
 */
export abstract class BuiltInTool {
  /** Its `type` on the wire. */
  abstract readonly name: string;

  /** Throws a WireError where the options are wrong, or where this installation is not configured for the tool. */
  abstract check(scope: TenantScope, options: ToolOptions, path: string): void;

  /** The functions that the model may call. What goes wrong in a call is a result that the model reads. */
  abstract open(scope: TenantScope, options: ToolOptions): Promise<Tool[]>;
}
