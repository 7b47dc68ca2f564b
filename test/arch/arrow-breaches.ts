import type { Files } from './planted-tree.js';

/** A file that breaks an arrow by what it imports. Every import below is of a file that exists. */
interface ArrowBreach {
  rule: string;
  from: string;
  imports: string;
}

/** What the breaches and the allowed imports lead to. */
export const TARGETS: Files = {
  'config/index.ts': 'export const config = 1;\n',
  'libs/kernel/src/index.ts': "export * from './ids.js';\n",
  'libs/kernel/src/ids.ts': 'export const id = 1;\n',
  'libs/openai-wire/src/index.ts': 'export const wire = 1;\n',
  'libs/llm/src/index.ts': 'export const llm = 1;\n',
  'libs/agent/src/index.ts': 'export const agent = 1;\n',
  'libs/sandbox/src/index.ts': 'export const sandbox = 1;\n',
  'libs/retrieval/src/index.ts': 'export const retrieval = 1;\n',
  'src/main.ts': 'export const main = 1;\n',
  'src/app.module.ts': 'export const app = 1;\n',
  'src/openapi/document.ts': "import '../app.module.js';\nexport const document = 1;\n",
  'src/common/marks.ts': 'export const marks = 1;\n',
  'src/database/database.ts': 'export const database = 1;\n',
  'src/storage/blob-store.ts': 'export const store = 1;\n',
  'test/support/requirements.ts': 'export const support = 1;\n',
  'scripts/tool.ts': 'export const tool = 1;\n',
  ...moduleFiles('auth', 'user'),
  ...moduleFiles('files', 'file'),
  ...moduleFiles('threads', 'thread'),
  ...moduleFiles('assistants', 'assistant'),
  ...moduleFiles('runs', 'run'),
  ...moduleFiles('chat', 'completion'),
  ...moduleFiles('vector-stores', 'vector-store'),
  ...moduleFiles('sandbox', 'session'),
  ...moduleFiles('tools', 'toolbox'),
  ...moduleFiles('uploads', 'upload'),
  ...moduleFiles('admin', 'quota'),
  ...moduleFiles('health', 'check'),
};

function moduleFiles(folder: string, singular: string): Files {
  const base = `src/modules/${folder}`;
  return {
    [`${base}/index.ts`]: `export * from './${folder}.service.js';\n`,
    [`${base}/${folder}.service.ts`]: 'export const service = 1;\n',
    [`${base}/${folder}.repository.ts`]: 'export const repository = 1;\n',
    [`${base}/${folder}.controller.ts`]: "import './" + folder + ".service.js';\nexport const controller = 1;\n",
    [`${base}/entities/${singular}.entity.ts`]: "import 'typeorm';\nexport const entity = 1;\n",
  };
}

/** `breach` in a path stands for a name of the file's own, so that each finding belongs to one row. */
export const BREACHES: ArrowBreach[] = [
  { rule: 'no-unresolvable', from: 'src/common/breach.ts', imports: './nowhere.js' },
  { rule: 'no-dev-dependencies', from: 'src/common/breach.ts', imports: 'supertest' },
  { rule: 'product-not-to-tooling', from: 'src/database/breach.ts', imports: '../../test/support/requirements.js' },
  { rule: 'product-not-to-tooling', from: 'src/database/breach.ts', imports: '../../scripts/tool.js' },
  { rule: 'config-is-a-leaf', from: 'config/breach.ts', imports: '@libs/kernel' },
  { rule: 'libs-not-to-app', from: 'libs/agent/src/breach.ts', imports: '@config' },
  { rule: 'libs-not-to-app', from: 'libs/agent/src/breach.ts', imports: '../../../src/common/marks.js' },
  { rule: 'libs-framework-free', from: 'libs/llm/src/breach.ts', imports: '@nestjs/common' },
  { rule: 'libs-framework-free', from: 'libs/llm/src/breach.ts', imports: 'typeorm' },
  { rule: 'libs-framework-free', from: 'libs/llm/src/breach.ts', imports: 'bull' },
  { rule: 'libs-framework-free', from: 'libs/llm/src/breach.ts', imports: 'express' },
  { rule: 'lib-front-door', from: 'libs/llm/src/breach.ts', imports: '../../kernel/src/ids.js' },
  { rule: 'lib-front-door', from: 'src/common/breach.ts', imports: '../../libs/kernel/src/ids.js' },
  { rule: 'kernel-imports-nothing', from: 'libs/kernel/src/breach.ts', imports: 'undici' },
  { rule: 'lib-arrows-kernel', from: 'libs/kernel/src/breach.ts', imports: '@libs/openai-wire' },
  { rule: 'lib-arrows-openai-wire', from: 'libs/openai-wire/src/breach.ts', imports: '@libs/llm' },
  { rule: 'lib-arrows-llm', from: 'libs/llm/src/breach.ts', imports: '@libs/agent' },
  { rule: 'lib-arrows-agent', from: 'libs/agent/src/breach.ts', imports: '@libs/sandbox' },
  { rule: 'lib-arrows-agent', from: 'libs/agent/src/breach.ts', imports: '@libs/retrieval' },
  { rule: 'lib-arrows-sandbox', from: 'libs/sandbox/src/breach.ts', imports: '@libs/openai-wire' },
  { rule: 'lib-arrows-retrieval', from: 'libs/retrieval/src/breach.ts', imports: '@libs/openai-wire' },
  { rule: 'lib-arrows-unlisted', from: 'libs/newcomer/src/breach.ts', imports: '@libs/kernel' },
  { rule: 'common-is-a-leaf', from: 'src/common/breach.ts', imports: '../database/database.js' },
  { rule: 'common-is-a-leaf', from: 'src/common/breach.ts', imports: '../modules/files/index.js' },
  { rule: 'bindings-not-to-modules', from: 'src/database/breach.ts', imports: '../modules/files/index.js' },
  { rule: 'bindings-not-to-modules', from: 'src/jobs/breach.ts', imports: '../modules/runs/index.js' },
  { rule: 'bindings-not-to-modules', from: 'src/events/breach.ts', imports: '../modules/runs/index.js' },
  { rule: 'bindings-not-to-modules', from: 'src/storage/breach.ts', imports: '../modules/files/index.js' },
  { rule: 'bindings-not-to-modules', from: 'src/providers/breach.ts', imports: '../modules/chat/index.js' },
  { rule: 'providers-bind-libs-to-config', from: 'src/providers/breach.ts', imports: '../database/database.js' },
  { rule: 'nothing-imports-the-app', from: 'src/modules/files/breach.ts', imports: '../../app.module.js' },
  { rule: 'nothing-imports-an-entry-point', from: 'src/app-breach.ts', imports: './main.js' },
  { rule: 'module-front-door', from: 'src/modules/runs/breach.ts', imports: '../files/files.service.js' },
  { rule: 'module-front-door-from-outside', from: 'src/app-breach.ts', imports: './modules/files/files.service.js' },
  { rule: 'nobody-imports-auth', from: 'src/modules/runs/breach.ts', imports: '../auth/index.js' },
  { rule: 'nobody-imports-auth', from: 'src/modules/health/breach.ts', imports: '../auth/index.js' },
  { rule: 'nobody-imports-overseers', from: 'src/modules/runs/breach.ts', imports: '../health/index.js' },
  { rule: 'nobody-imports-overseers', from: 'src/modules/health/breach.ts', imports: '../admin/index.js' },
  { rule: 'module-arrows-runs', from: 'src/modules/runs/breach.ts', imports: '../chat/index.js' },
  { rule: 'module-arrows-chat', from: 'src/modules/chat/breach.ts', imports: '../threads/index.js' },
  { rule: 'module-arrows-chat', from: 'src/modules/chat/breach.ts', imports: '../sandbox/index.js' },
  { rule: 'module-arrows-sessions', from: 'src/modules/sessions/breach.ts', imports: '../chat/index.js' },
  { rule: 'module-arrows-tools', from: 'src/modules/tools/breach.ts', imports: '../threads/index.js' },
  { rule: 'module-arrows-tool-routes', from: 'src/modules/tool-routes/breach.ts', imports: '../chat/index.js' },
  { rule: 'module-arrows-uploads', from: 'src/modules/uploads/breach.ts', imports: '../threads/index.js' },
  { rule: 'module-arrows-models', from: 'src/modules/models/breach.ts', imports: '../files/index.js' },
  { rule: 'module-arrows-health', from: 'src/modules/health/breach.ts', imports: '../runs/index.js' },
  { rule: 'module-arrows-threads', from: 'src/modules/threads/breach.ts', imports: '../assistants/index.js' },
  { rule: 'module-arrows-assistants', from: 'src/modules/assistants/breach.ts', imports: '../runs/index.js' },
  { rule: 'module-arrows-vector-stores', from: 'src/modules/vector-stores/breach.ts', imports: '../threads/index.js' },
  { rule: 'module-arrows-unlisted', from: 'src/modules/files/breach.ts', imports: '../threads/index.js' },
  { rule: 'module-arrows-unlisted', from: 'src/modules/newcomer/breach.ts', imports: '../files/index.js' },
  { rule: 'only-repositories-touch-typeorm', from: 'src/modules/files/breach.service.ts', imports: 'typeorm' },
  { rule: 'only-repositories-touch-typeorm', from: 'src/modules/files/breach.service.ts', imports: '@nestjs/typeorm' },
  { rule: 'only-repositories-touch-typeorm', from: 'src/modules/files/breach.service.ts', imports: 'pg' },
  { rule: 'entities-stay-home', from: 'src/modules/breach/index.ts', imports: '../files/entities/file.entity.js' },
  { rule: 'controller-to-service', from: 'src/modules/files/breach.controller.ts', imports: './files.repository.js' },
  {
    rule: 'controller-to-service',
    from: 'src/modules/files/breach.controller.ts',
    imports: './entities/file.entity.js',
  },
  {
    rule: 'controller-to-service',
    from: 'src/modules/files/breach.controller.ts',
    imports: '../../storage/blob-store.js',
  },
  { rule: 'service-not-to-controller', from: 'src/modules/files/breach.service.ts', imports: './files.controller.js' },
  { rule: 'repository-not-to-service', from: 'src/modules/files/breach.repository.ts', imports: './files.service.js' },
  {
    rule: 'entity-not-to-repository',
    from: 'src/modules/files/entities/breach.entity.ts',
    imports: '../files.repository.js',
  },
  { rule: 'pure-rules-know-no-nest', from: 'src/modules/runs/breach-state.ts', imports: '@nestjs/common' },
  { rule: 'pure-rules-know-no-nest', from: 'src/modules/runs/breach.mapper.ts', imports: '@nestjs/common' },
];

/** Two files that need each other, by a type only. */
export const CIRCLE: Files = {
  'src/common/circle-start.ts': "import type { End } from './circle-end.js';\nexport type Start = End;\n",
  'src/common/circle-end.ts': "import type { Start } from './circle-start.js';\nexport type End = { start?: Start };\n",
};

/** Imports that the design allows, beside those that TARGETS hold. */
export const ALLOWED: Record<string, string[]> = {
  'libs/agent/src/allowed.ts': ['@libs/llm', '@libs/openai-wire', '@libs/kernel', 'node:fs'],
  'libs/retrieval/src/allowed.ts': ['@libs/llm', '@libs/kernel'],
  'libs/kernel/src/allowed.ts': ['node:crypto', './ids.js'],
  'src/common/allowed.ts': ['@config', '@libs/openai-wire', '@nestjs/common'],
  'src/database/allowed.ts': ['@config', 'typeorm', 'pg', '../common/marks.js'],
  'src/providers/allowed.ts': ['@config', '@libs/sandbox', '@libs/agent', '../common/marks.js'],
  'src/server.ts': ['./app.module.js', './openapi/document.js', './modules/files/index.js'],
  'src/modules/runs/allowed.ts': ['threads', 'assistants', 'files', 'vector-stores', 'tools'].map(frontDoor),
  'src/modules/chat/allowed.ts': ['files', 'tools'].map(frontDoor),
  'src/modules/tools/allowed.ts': ['files', 'sandbox'].map(frontDoor),
  'src/modules/tool-routes/allowed.ts': ['files', 'sandbox', 'tools', 'vector-stores'].map(frontDoor),
  'src/modules/uploads/allowed.ts': ['files'].map(frontDoor),
  'src/modules/threads/allowed.ts': ['files', 'vector-stores'].map(frontDoor),
  'src/modules/assistants/allowed.ts': ['files', 'tools', 'vector-stores'].map(frontDoor),
  'src/modules/admin/allowed.ts': ['auth', 'files', 'runs', 'sandbox'].map(frontDoor),
  'src/modules/health/allowed.ts': ['sandbox'].map(frontDoor),
  'src/modules/files/allowed.repository.ts': ['typeorm', './entities/file.entity.js', '../../database/database.js'],
  'src/modules/files/allowed.service.ts': ['./files.repository.js', '../../storage/blob-store.js', '@nestjs/common'],
  'src/modules/files/file-state.ts': ['@libs/kernel', '../../common/marks.js'],
  'src/modules/files/allowed.spec.ts': [
    '../auth/auth.service.js',
    'supertest',
    '../../../test/support/requirements.js',
  ],
  'test/e2e/allowed.ts': ['../../src/modules/auth/auth.service.js', '../../src/main.js', 'supertest'],
};

function frontDoor(module: string): string {
  return `../${module}/index.js`;
}
