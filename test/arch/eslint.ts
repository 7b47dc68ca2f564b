import { relative } from 'node:path';
import { runTool } from './planted-tree.js';

interface FileReport {
  filePath: string;
  messages: { ruleId: string | null; message: string; line: number }[];
}

export interface LintFinding {
  file: string;
  /** The rule's name; for what no rule reports (a comment without effect, a syntax error) the message. */
  rule: string;
  message: string;
}

/** Lints a tree by its eslint.config.mjs, warnings included. */
export async function lint(root: string): Promise<LintFinding[]> {
  const reports = (await runTool(root, 'eslint/bin/eslint.js', ['--format', 'json', '.'])) as FileReport[];
  return reports.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message, line }) => ({
      file: relative(root, filePath),
      rule: ruleId ?? message,
      message: `line ${line}: ${message}`,
    })),
  );
}
