import { fillPrompt, loadPrompt } from './prompt.js';
import { workspacePrompt } from './workspace-prompt.js';

describe('filling a prompt', () => {
  test.each([
    ['{{a}} and {{b}}', { a: '1', b: '2' }, '1 and 2'],
    ['{{a}}{{a}}', { a: '1' }, '11'],
    ['{{unknown}}', {}, '{{unknown}}'],
    ['{{a}}', { a: '{{b}}', b: 'never' }, '{{b}}'],
    ['{{a}}', { a: "$& $' $1" }, "$& $' $1"],
    ['{{a}}', { a: '' }, ''],
  ])('%j with %j', (prompt, values, filled) => {
    expect(fillPrompt(prompt, values as Record<string, string>)).toBe(filled);
  });
});

test.each(['code-interpreter', 'workspace'] as const)('the prompt %s is there', (name) => {
  expect(loadPrompt(name).trim().length).toBeGreaterThan(50);
});

describe('what the model is told of the workspace', () => {
  test('no files', () => {
    expect(workspacePrompt([])).toContain('(none yet)');
  });

  test('how a file is built, where that is known', () => {
    const prompt = workspacePrompt([{ name: 'a.csv', bytes: 12, facts: '{"rows":2}' }]);
    expect(prompt).toContain('- /mnt/data/a.csv (12 bytes): {"rows":2}');
  });

  test('each file with its size, and no place left unfilled', () => {
    const prompt = workspacePrompt([{ name: 'a.csv', bytes: 12 }]);
    expect(prompt).toContain('- /mnt/data/a.csv (12 bytes)');
    expect(prompt).not.toContain('{{');
  });

  test('not more than 200 by name', () => {
    const files = Array.from({ length: 250 }, (_, index) => ({ name: `f${index}.csv`, bytes: 1 }));
    const prompt = workspacePrompt(files);
    expect(prompt).toContain('f199.csv');
    expect(prompt).not.toContain('f200.csv');
    expect(prompt).toContain('- and 50 more');
  });
});
