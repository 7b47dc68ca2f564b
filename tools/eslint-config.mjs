import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import typescript from 'typescript-eslint';
import threadmill from './eslint-rules/index.mjs';

const TYPESCRIPT = ['**/*.ts'];
const PRODUCT = ['src/**/*.ts', 'libs/**/*.ts', 'ormconfig.ts'];
const TESTS = ['**/*.spec.ts', 'test/**/*.ts'];

const ENVIRONMENT_MESSAGE = 'Only config/ reads the environment; take what you need from the Config.';

const oneReaderOfTheEnvironment = {
  'no-restricted-properties': ['error', { object: 'process', property: 'env', message: ENVIRONMENT_MESSAGE }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'MemberExpression[object.type="MemberExpression"][object.property.name="process"][property.name="env"]',
      message: ENVIRONMENT_MESSAGE,
    },
  ],
  'no-restricted-imports': [
    'error',
    {
      paths: ['node:process', 'process'].map((name) => ({
        name,
        importNames: ['default', 'env'],
        message: ENVIRONMENT_MESSAGE,
      })),
    },
  ],
};

const correctness = {
  eqeqeq: 'error',
  curly: ['error', 'multi-line'],
  '@typescript-eslint/no-explicit-any': ['error', { fixToUnknown: false }],
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/ban-ts-comment': [
    'error',
    { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': false },
  ],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  'threadmill/injected-classes-are-values': 'error',
};

/** Rules of the recommended sets that this code base does not follow, each with its reason. */
const declined = {
  // A port's method is async for those who implement it with I/O; those who need none still fit it.
  '@typescript-eslint/require-await': 'off',
  // Numbers and booleans in a template read well, and the compiler knows them.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // File names and headers are hostile: control characters are what such patterns look for.
  'no-control-regex': 'off',
};

/** In tests a response's body is `any` by supertest's types, and an `expect` is what checks it. */
const looserInTests = {
  '@typescript-eslint/no-unsafe-argument': 'off',
  '@typescript-eslint/no-unsafe-assignment': 'off',
  '@typescript-eslint/no-unsafe-call': 'off',
  '@typescript-eslint/no-unsafe-member-access': 'off',
  '@typescript-eslint/no-unsafe-return': 'off',
  '@typescript-eslint/unbound-method': 'off',
};

/**
 * The lint rules for a tree that lies at `root`; a function, so that the tests of the rules can plant a tree of
 * breaches elsewhere. Comments that switch rules off have no effect, and are reported.
 */
export function createConfig(root) {
  return defineConfig(
    globalIgnores(['dist/', 'data/', 'coverage/', '.cache/', 'web/']),
    {
      linterOptions: {
        noInlineConfig: true,
        reportUnusedDisableDirectives: 'error',
        reportUnusedInlineConfigs: 'error',
      },
    },
    {
      extends: [js.configs.recommended],
      rules: { 'max-lines': ['error', { max: 400 }], eqeqeq: 'error', curly: ['error', 'multi-line'] },
    },
    // Node's globals are known to the compiler, which does not read plain JavaScript.
    { files: ['**/*.{js,mjs,cjs}'], rules: { 'no-undef': 'off' } },
    {
      files: TYPESCRIPT,
      extends: [typescript.configs.recommendedTypeChecked],
      languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
      plugins: { threadmill },
      rules: { ...correctness, ...declined, 'max-lines-per-function': ['error', { max: 60 }] },
    },
    { files: PRODUCT, rules: { ...oneReaderOfTheEnvironment, 'threadmill/route-bears-mark': 'error' } },
    { files: TESTS, rules: { ...looserInTests, 'max-lines-per-function': 'off' } },
  );
}
