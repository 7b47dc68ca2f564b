import { availableParallelism } from 'node:os';

/** Jest as ESM: run it through `npm test`, which sets --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^@libs/(.*)$': '<rootDir>/libs/$1/src/index.ts',
    '^@config$': '<rootDir>/config/index.ts',
    '^\\./process/sibling\\.js$': '<rootDir>/test/support/built-siblings.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testMatch: ['<rootDir>/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/(dist|data|web)/'],
  modulePathIgnorePatterns: ['<rootDir>/(dist|data)/'],
  // The long suites wait for containers, timeouts and processes more than they compute: two cores carry three workers.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  workerIdleMemoryLimit: '1GB',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  globalSetup: '<rootDir>/test/support/prepare.mjs',
  // Ends what hangs, and judges no speed: servers that take two seconds to start take thirty on a machine that is full.
  testTimeout: 120_000,
};
