import type { Files } from './planted-tree.js';

interface LintBreach {
  /** The rule that must report it, or the beginning of ESLint's own message. */
  rule: string;
  title: string;
  path: string;
  code: string;
}

const LINES_OVER_THE_FILE_LIMIT = 401;
const LINES_OVER_THE_FUNCTION_LIMIT = 60;

function lines(count: number, line: string): string {
  return `${line}\n`.repeat(count);
}

const MARKS = `
const Public = (): MethodDecorator & ClassDecorator => () => undefined;
const RequireScope = (_scope: string): MethodDecorator & ClassDecorator => () => undefined;
`;

function controller(body: string, classDecorators = ''): string {
  return `
import { Controller, Get as Read, Post, Sse } from '@nestjs/common';
import * as nest from '@nestjs/common';
${MARKS}
${classDecorators}
@Controller('things')
export class ThingsController {
${body}
}
export const used = [Read, Post, Sse, nest, Public, RequireScope];
`;
}

/** Classes and a token that the planted injections name. */
const DEPENDENCIES = `
export class Engine { start(): string { return 'on'; } }
export class CreateThing { name = ''; }
export interface Principal { name: string }
export const TOKEN = Symbol('TOKEN');
`;

const EXHAUSTIVE = `
export function name(kind: 'a' | 'b'): string {
  switch (kind) {
    case 'a': return 'A';
    CASE
  }
}
`;

export const LINT_BREACHES: LintBreach[] = [
  {
    rule: '@typescript-eslint/no-floating-promises',
    title: 'a promise that nobody awaits',
    path: 'src/a.ts',
    code: 'Promise.resolve(1);\nexport {};\n',
  },
  {
    rule: '@typescript-eslint/await-thenable',
    title: 'awaiting what is no promise',
    path: 'src/a.ts',
    code: 'export const a = await 1;\n',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    title: 'any',
    path: 'libs/kernel/src/a.ts',
    code: 'export const a = (b: any): unknown => b;\n',
  },
  {
    rule: '@typescript-eslint/no-explicit-any',
    title: 'any in a test',
    path: 'test/a.ts',
    code: 'export const a = (b: any): unknown => b;\n',
  },
  {
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    title: 'a forgotten case',
    path: 'src/a.ts',
    code: EXHAUSTIVE.replace('CASE', "default: return '';"),
  },
  {
    rule: '@typescript-eslint/consistent-type-imports',
    title: 'a value import used as a type',
    path: 'src/a.ts',
    code: "import { Readable } from 'node:stream';\nexport type A = Readable;\n",
  },
  { rule: 'eqeqeq', title: '==', path: 'src/a.ts', code: 'export const a = (b: unknown): boolean => b == 1;\n' },
  {
    rule: 'curly',
    title: 'a body on its own line without braces',
    path: 'src/a.ts',
    code: 'export function a(b: boolean): number {\n  if (b)\n    return 1;\n  return 2;\n}\n',
  },
  {
    rule: '@typescript-eslint/ban-ts-comment',
    title: 'silencing the compiler',
    path: 'test/a.ts',
    code: '// @ts-expect-error: it is known that this is wrong\nexport const a: string = 1;\n',
  },
  {
    rule: 'eqeqeq',
    title: 'silencing a rule has no effect',
    path: 'src/a.ts',
    code: '// eslint-disable-next-line eqeqeq\nexport const a = (b: unknown): boolean => b == 1;\n',
  },
  {
    rule: "'// eslint-disable-next-line eqeqeq' has no effect",
    title: 'silencing a rule is itself reported',
    path: 'src/a.ts',
    code: '// eslint-disable-next-line eqeqeq\nexport const a = 1;\n',
  },
  ...['src/a.ts', 'libs/kernel/src/a.ts', 'src/a.spec.ts', 'ormconfig.ts'].map((path) => ({
    rule: 'no-restricted-properties',
    title: `process.env in ${path}`,
    path,
    code: 'export const a = process.env.HOME;\n',
  })),
  {
    rule: 'no-restricted-properties',
    title: 'process.env by destructuring',
    path: 'src/a.ts',
    code: 'const { env } = process;\nexport const a = env.HOME;\n',
  },
  {
    rule: 'no-restricted-syntax',
    title: 'process.env through globalThis',
    path: 'src/a.ts',
    code: 'export const a = globalThis.process.env.HOME;\n',
  },
  {
    rule: 'no-restricted-imports',
    title: 'env imported',
    path: 'src/a.ts',
    code: "import { env } from 'node:process';\nexport const a = env.HOME;\n",
  },
  {
    rule: 'no-restricted-imports',
    title: 'process imported under another name',
    path: 'libs/kernel/src/a.ts',
    code: "import own from 'node:process';\nexport const a = own.env.HOME;\n",
  },
  {
    rule: 'max-lines',
    title: 'a long file',
    path: 'src/a.ts',
    code: lines(LINES_OVER_THE_FILE_LIMIT, 'export {};'),
  },
  {
    rule: 'max-lines',
    title: 'a long test',
    path: 'src/a.spec.ts',
    code: lines(LINES_OVER_THE_FILE_LIMIT, 'export {};'),
  },
  {
    rule: 'max-lines',
    title: 'a long script',
    path: 'scripts/a.mjs',
    code: lines(LINES_OVER_THE_FILE_LIMIT, 'export {};'),
  },
  {
    rule: 'max-lines-per-function',
    title: 'a long function',
    path: 'src/a.ts',
    code: `export function a(): void {\n${lines(LINES_OVER_THE_FUNCTION_LIMIT, '  a();')}}\n`,
  },
  {
    rule: '@typescript-eslint/no-unsafe-member-access',
    title: 'reading from a hidden any',
    path: 'src/a.ts',
    code: "export const a: unknown = JSON.parse('{}').b;\n",
  },
  {
    rule: 'threadmill/route-bears-mark',
    title: 'a route without a mark',
    path: 'src/a.controller.ts',
    code: controller("  @Post()\n  create(): string { return ''; }"),
  },
  {
    rule: 'threadmill/route-bears-mark',
    title: 'a route without a mark beside one that bears it',
    path: 'src/a.controller.ts',
    code: controller("  @Public()\n  @Post()\n  a(): string { return ''; }\n  @Sse()\n  b(): string { return ''; }"),
  },
  {
    rule: 'threadmill/route-bears-mark',
    title: 'a route whose decorator was renamed',
    path: 'src/a.controller.ts',
    code: controller("  @Read(':id')\n  read(): string { return ''; }"),
  },
  {
    rule: 'threadmill/route-bears-mark',
    title: 'a route whose decorator comes by its namespace',
    path: 'src/a.controller.ts',
    code: controller("  @nest.All()\n  all(): string { return ''; }"),
  },
  {
    rule: 'threadmill/injected-classes-are-values',
    title: 'a type-only import of an injected class',
    path: 'src/a.ts',
    code: `
import { Injectable } from '@nestjs/common';
import type { Engine } from './dependencies.js';
@Injectable()
export class Car { constructor(private readonly engine: Engine) {} go(): string { return this.engine.start(); } }
`,
  },
  {
    rule: 'threadmill/injected-classes-are-values',
    title: 'an inline type-only import of a validated body',
    path: 'src/a.ts',
    code: `
import { Body, Controller } from '@nestjs/common';
import { type CreateThing } from './dependencies.js';
@Controller()
export class Things { create(@Body() body: CreateThing): string { return body.name; } }
`,
  },
];

export const LINT_ALLOWED: Files = {
  'src/dependencies.ts': DEPENDENCIES,
  'src/injected-values.ts': `
import { Body, Controller, Inject } from '@nestjs/common';
import { CreateThing, Engine, TOKEN, type Principal } from './dependencies.js';
@Controller()
export class Things {
  constructor(private readonly engine: Engine, @Inject(TOKEN) private readonly name: Principal) {}
  create(@Body() body: CreateThing, @Body('who') principal: Principal): string {
    return body.name + principal.name + this.name.name + this.engine.start();
  }
}
`,
  'src/injected-by-token.ts': `
import { Inject, Injectable } from '@nestjs/common';
import { TOKEN, type Engine } from './dependencies.js';
@Injectable()
export class Car { constructor(@Inject(TOKEN) private readonly engine: Engine) {} go(): string { return this.engine.start(); } }
`,
  'src/not-injected.ts': `
import type { Engine } from './dependencies.js';
export class Car { constructor(private readonly engine: Engine) {} go(): string { return this.engine.start(); } }
`,
  'src/marked-routes.controller.ts': controller(
    "  @RequireScope('x')\n  @Post()\n  a(): string { return ''; }\n  @Public()\n  @nest.Get()\n  b(): string { return ''; }\n  helper(): string { return ''; }",
  ),
  'src/marked-class.controller.ts': controller("  @Post()\n  a(): string { return ''; }", "@RequireScope('x')"),
  'src/exhaustive.ts': EXHAUSTIVE.replace('CASE', "case 'b': return 'B';"),
  'src/short-if.ts': 'export function a(b: boolean): number {\n  if (b) return 1;\n  return 2;\n}\n',
  'config/environment.ts': 'export const a = process.env.HOME;\n',
  'test/environment.ts': 'export const a = process.env.HOME;\n',
  'scripts/environment.ts': 'export const a = process.env.HOME;\n',
  'bench/environment.ts': 'export const a = process.env.HOME;\n',
  'src/long.spec.ts': `describe('a', () => {\n${lines(LINES_OVER_THE_FUNCTION_LIMIT, '  expect(1).toBe(1);')}});\n`,
  'src/long-enough.ts': lines(LINES_OVER_THE_FILE_LIMIT - 1, 'export {};'),
};
