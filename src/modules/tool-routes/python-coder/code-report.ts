import type { SandboxStatus } from '@libs/sandbox';
import type { WorkspaceFileRecord } from '../../files/index.js';
import type { CodeEvent } from '../../tools/index.js';
import type { ToolOutcome } from '../tool-response.js';

/** Where code finds its files. */
const WORKSPACE = '/mnt/data';
const RETURN_CODES: Partial<Record<SandboxStatus, number>> = { ok: 0, error: 1 };
/** The third seed's, of code that was stopped or never began. */
const STOPPED = -1;

/** What one run of code gives, in the third seed's form. */
export class CodeReport {
  private stdout = '';
  private stderr = '';
  private returnCode = STOPPED;

  add(event: CodeEvent): void {
    if (event.type === 'stdout' || event.type === 'result') this.stdout += event.text;
    if (event.type === 'stderr') this.stderr += event.text;
    if (event.type !== 'done') return;
    this.returnCode = RETURN_CODES[event.status] ?? STOPPED;
    if (this.returnCode === STOPPED) this.fail(event.message ?? `The execution ended: ${event.status}.`);
  }

  /** For code that was not run to its end. */
  fail(reason: string): void {
    this.returnCode = STOPPED;
    this.stderr += this.stderr === '' || this.stderr.endsWith('\n') ? reason : `\n${reason}`;
  }

  build(files: readonly WorkspaceFileRecord[]): ToolOutcome {
    const { stdout, stderr, returnCode } = this;
    const listed = filesOf(files);
    const data = { stdout, stderr, files: listed, workspace: WORKSPACE, returncode: returnCode };
    if (returnCode !== 0) return { answer: this.failureText(), data, error: stderr || 'The code failed.' };
    return { answer: this.successText(Object.keys(listed)), data };
  }

  private successText(files: readonly string[]): string {
    const output = this.stdout === '' ? '(No output)' : `Output:\n${this.stdout}`;
    const written = files.length === 0 ? '' : `\n\nFiles in workspace: ${files.join(', ')}`;
    return `Code executed successfully.\n\n${output}${written}`;
  }

  private failureText(): string {
    const output = this.stdout === '' ? '' : `\n\nOutput (before error):\n${this.stdout}`;
    const problem = this.stderr === '' ? '(No error message)' : `Error:\n${this.stderr}`;
    return `Code execution failed.${output}\n\n${problem}`;
  }
}

/** Of one name the last counts: a generated file is the newer state of an uploaded one. */
function filesOf(files: readonly WorkspaceFileRecord[]): Record<string, object> {
  return Object.fromEntries(
    files.map(({ name, bytes, createdAt }) => [
      name,
      { size: bytes, modified: createdAt.getTime() / 1000, path: `${WORKSPACE}/${name}` },
    ]),
  );
}
