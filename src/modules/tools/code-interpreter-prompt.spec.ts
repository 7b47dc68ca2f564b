import { codeInterpreterPrompt } from './code-interpreter-prompt.js';

describe('codeInterpreterPrompt', () => {
  it.each([
    [['numpy', 'pandas'], / these modules can be imported: numpy, pandas\.$/],
    [[], / Only the standard library can be imported: [^{]*$/],
    [null, /There is no network\.$/],
  ])('with modules %j ends as %s', (modules, ending) => {
    expect(codeInterpreterPrompt(modules)).toMatch(ending);
  });

  it('fills no place that a module name seems to be', () => {
    expect(codeInterpreterPrompt(['{{modules}}'])).toContain('imported: {{modules}}.');
  });
});
