import { readFile, writeFile } from 'node:fs/promises';

/**
 * Keeps a generated file that is checked in. Writes it, or with `--check` on the command line only compares and makes
 * the process fail when the checked-in file is stale.
 */
export async function keepGenerated(path: string, wanted: string, command: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => undefined);
  if (present === wanted) {
    console.log(`${path} is up to date.`);
    return;
  }
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale. Run \`${command}\` and commit the result.\n${firstDifference(present, wanted)}`);
    process.exitCode = 1;
    return;
  }
  await writeFile(path, wanted);
  console.log(`${path} written.`);
}

function firstDifference(present: string | undefined, wanted: string): string {
  if (present === undefined) return 'The file does not exist.';
  const presentLines = present.split('\n');
  const wantedLines = wanted.split('\n');
  const index = wantedLines.findIndex((line, position) => line !== presentLines[position]);
  const position = index === -1 ? wantedLines.length : index;
  return [
    `First difference in line ${position + 1}:`,
    `- ${presentLines[position] ?? '(no line)'}`,
    `+ ${wantedLines[position] ?? '(no line)'}`,
  ].join('\n');
}
