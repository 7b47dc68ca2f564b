import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILT_IN_PROMPTS, Prompts } from './prompts.js';

describe("the operator's prompts", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'prompts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('stand in for ours; the others stay', () => {
    writeFileSync(join(folder, 'call-this-tool.md'), 'Ruf {{name}} auf.\n');
    writeFileSync(join(folder, 'notes.txt'), 'no prompt');
    const prompts = new Prompts(folder);
    expect(prompts.fill('call-this-tool', { name: 'f' })).toBe('Ruf f auf.');
    expect(prompts.get('empty-turn')).toBe(BUILT_IN_PROMPTS.get('empty-turn'));
  });

  test('are refused with all that is wrong', () => {
    writeFileSync(join(folder, 'no-such-prompt.md'), 'x');
    writeFileSync(join(folder, 'bad-arguments.md'), '{{name}} {{reason}}');
    expect(() => new Prompts(folder)).toThrow(
      /no-such-prompt\.md: there is no prompt of this name[\s\S]*lacks the place \{\{problem\}\}[\s\S]*nothing fills the place \{\{reason\}\}/,
    );
  });

  test('must be there', () => {
    expect(() => new Prompts(join(folder, 'missing'))).toThrow('cannot be read');
  });
});

test('values are put in as they are', () => {
  const filled = BUILT_IN_PROMPTS.fill('bad-arguments', { name: '{{problem}}', problem: '$& {{name}}' });
  expect(filled).toContain('`{{problem}}`');
  expect(filled).toContain('$& {{name}}');
});
