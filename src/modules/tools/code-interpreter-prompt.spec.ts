import { codeInterpreterPrompt } from './code-interpreter-prompt.js';

describe('codeInterpreterPrompt', () => {
  it.each([
    [['numpy', 'pandas'], / these modules can be imported: numpy, pandas\.$/],
    [[], / Only the standard library can be imported: [^{]*$/],
    [null, /There is no network\.$/],
  ])('with modules %j ends as %s', (modules, ending) => {
    expect(codeInterpreterPrompt(modules, [])).toMatch(ending);
  });

  it('tells what can be reached, and that nothing else can', () => {
    const prompt = codeInterpreterPrompt([], ['pypi.org:443', '*.corp.example:443']);
    expect(prompt).toContain('by themselves: pypi.org:443, *.corp.example:443. Nothing else can be reached.');
    expect(prompt).not.toContain('There is no network');
  });

  it('fills no place that a module name seems to be', () => {
    expect(codeInterpreterPrompt(['{{modules}}'], [])).toContain('imported: {{modules}}.');
  });
});
