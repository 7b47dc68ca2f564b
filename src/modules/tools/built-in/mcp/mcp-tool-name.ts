const LONGEST_NAME = 64;

/**
 * The name by which the model calls a server's tool: `label__tool`, within what model servers take. Names that become
 * equal are told apart by a number.
 */
export function mcpToolName(label: string, tool: string, taken: ReadonlySet<string>): string {
  const plain = `${label}__${tool}`.replace(/[^a-zA-Z0-9_-]/g, '_');
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `_${number}`;
    const name = plain.slice(0, LONGEST_NAME - suffix.length) + suffix;
    if (!taken.has(name)) return name;
  }
}
