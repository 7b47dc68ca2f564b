import { denoArguments } from './deno-arguments.js';

const PLAN = {
  pyodide: '/lib/py odide',
  runtime: '/lib/runtime',
  program: '/lib/runtime/control.mjs',
  workspace: '/w',
};

describe('denoArguments', () => {
  it('allows to read three folders and to write one, and nothing else', () => {
    const allowed = denoArguments(PLAN).filter((word) => word.startsWith('--allow'));
    expect(allowed).toEqual(['--allow-read=/lib/py odide,/lib/runtime,/w', '--allow-write=/w']);
  });

  it.each(['net', 'env', 'run', 'ffi', 'sys', 'import'])('denies %s', (name) => {
    expect(denoArguments(PLAN)).toContain(`--deny-${name}`);
  });

  it('refuses a path that would be taken for two', () => {
    expect(() => denoArguments({ ...PLAN, workspace: '/w,/etc' })).toThrow('comma');
  });
});
