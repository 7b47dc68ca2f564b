import { assertNever } from '@libs/kernel';

/**
 * How a model calls tools. `tools`: by its server's interface, or in its text in the form that its family knows. `react`:
 * by lines of text that any model can write. `tags`: DeepAnalyze's code between tags. `none`: not at all.
 */
export const PROTOCOLS = ['tools', 'react', 'tags', 'none'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** Whether the model hears of the tool. */
export function tellsOf(protocol: Protocol, tool: string): boolean {
  switch (protocol) {
    case 'tools':
    case 'react':
      return true;
    case 'tags':
      return tool === 'code_interpreter';
    case 'none':
      return false;
    default:
      return assertNever(protocol);
  }
}
