import type { Tool } from '@libs/agent';
import type { TenantScope } from '../../../common/principal.js';
import type { BuiltInTool } from './built-in-tool.js';
import { BuiltInTools } from './built-in-tools.service.js';

const scope: TenantScope = { projectId: 'proj_1' };

/** Opens the functions that its options name. */
const echo: BuiltInTool = {
  name: 'echo',
  check: () => undefined,
  open: (_scope, { names }) =>
    Promise.resolve((names as string[]).map((name): Tool => ({ kind: 'function', definition: { name } }))),
};

test.each([
  ['once', [['a', 'b']], ['a', 'b']],
  ['twice', [['a'], ['a']], ['a']],
  [
    'in two lists that have something in common',
    [
      ['a', 'b'],
      ['b', 'c'],
    ],
    ['a', 'b', 'c'],
  ],
])('a function that is wanted %s is there once', async (_title, wanted, expected) => {
  const tools = wanted.map((names) => ({ type: 'built_in' as const, name: 'echo', options: { names } }));
  const opened = await new BuiltInTools([echo]).open(scope, tools);
  expect(opened.map(({ definition }) => definition.name)).toEqual(expected);
});
