import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SERVER_FLAGS } from './server-flags.mjs';

const COMMAND = ['node', ...SERVER_FLAGS, 'dist/src/main.js'];

describe('the flags of the server', () => {
  it.each([
    ['package.json', `"start:prod": "${COMMAND.join(' ')}"`],
    ['deploy/Dockerfile', `CMD [${COMMAND.map((word) => `"${word}"`).join(', ')}]`],
    ['docs/operations.md', `\`${COMMAND.join(' ')}\``],
  ])('are the same in %s', async (path, text) => {
    expect(await readFile(path, 'utf8')).toContain(text);
  });

  it('are known to this Node', async () => {
    const program = "process.stdout.write(process.execArgv.join(' '))";
    const { stdout } = await promisify(execFile)(process.execPath, [...SERVER_FLAGS, '-e', program]);
    expect(stdout).toContain(SERVER_FLAGS.join(' '));
  });
});
