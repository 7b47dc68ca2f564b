/** The arrows of the design, one way. `npm run arch` checks them, and test/arch/ proves that each rule bites. */

const SPEC = '\\.spec\\.ts$';
const TOP_FILE = '^src/[^/]+\\.ts$';
const BINDINGS = '^src/(database|jobs|events|storage|providers)/';
const FRAMEWORKS =
  'node_modules/(@types/)?(@nestjs/|typeorm/|bull/|express/|passport|rxjs/|reflect-metadata/|class-validator/|class-transformer/)';

/** What each lib may import of the others. A lib that is not listed may import none. */
const LIB_ARROWS = {
  kernel: [],
  'openai-wire': ['kernel'],
  llm: ['openai-wire', 'kernel'],
  agent: ['llm', 'openai-wire', 'kernel'],
  sandbox: ['kernel'],
  retrieval: ['llm', 'kernel'],
};

/** Which modules each module may import, through their front doors. A module that is not listed may import none. */
const MODULE_ARROWS = {
  runs: ['threads', 'assistants', 'files', 'vector-stores', 'tools'],
  chat: ['files', 'sessions', 'tools'],
  sessions: ['files'],
  tools: ['files', 'sandbox', 'vector-stores'],
  'tool-routes': ['files', 'sandbox', 'sessions', 'tools', 'vector-stores'],
  'vector-stores': ['files'],
  uploads: ['files'],
  threads: ['files', 'vector-stores'],
  assistants: ['files', 'tools', 'vector-stores'],
  models: [],
  health: ['sandbox', 'vector-stores'],
};

/** They look at others, and nothing looks at them. One that has no list of arrows looks at everything. */
const OVERSEERS = ['admin', 'health'];

const oneOf = (names) => `(${names.join('|')})`;

function rule(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

/** As `rule`, for the product's code: a test may import anything. */
function productRule(name, comment, from, to) {
  const pathNot = [SPEC, ...(from.pathNot === undefined ? [] : [from.pathNot].flat())];
  return rule(name, comment, { ...from, pathNot }, to);
}

/** For each of `names` an allow-list, and for all others in `folder` an empty one. */
function allowListRules(prefix, folder, arrows) {
  const listed = Object.entries(arrows).map(([name, allowed]) =>
    productRule(
      `${prefix}-${name}`,
      `${folder}${name} may import of its neighbours: ${allowed.join(', ') || 'none'}.`,
      { path: `^${folder}${name}/` },
      { path: `^${folder}[^/]+/`, pathNot: `^${folder}${oneOf([name, ...allowed])}/` },
    ),
  );
  const unlisted = productRule(
    `${prefix}-unlisted`,
    `What is not in the list of arrows imports no neighbour. Extend the list deliberately.`,
    { path: `^${folder}([^/]+)/`, pathNot: `^${folder}${oneOf([...Object.keys(arrows), ...OVERSEERS])}/` },
    { path: `^${folder}[^/]+/`, pathNot: `^${folder}$1/` },
  );
  return [...listed, unlisted];
}

const generalRules = [
  rule('no-circular', 'Type-only circles count: two files that need each other are one.', {}, { circular: true }),
  rule('no-unresolvable', 'The import names nothing.', {}, { couldNotResolve: true }),
  productRule(
    'no-dev-dependencies',
    'The product runs without them. Their types may be used.',
    { path: '^(src|libs|config)/' },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
  productRule(
    'product-not-to-tooling',
    'Tests, scripts and benchmarks look at the product, never the other way round.',
    { path: '^(src|libs|config)/' },
    { path: '^(test|scripts|bench|tools)/' },
  ),
  productRule('config-is-a-leaf', 'Everyone reads the configuration.', { path: '^config/' }, { path: '^(src|libs)/' }),
];

const libRules = [
  productRule('libs-not-to-app', 'Libs know no application.', { path: '^libs/' }, { path: '^(src|config|test)/' }),
  productRule('libs-framework-free', 'Libs are plain TypeScript.', { path: '^libs/' }, { path: FRAMEWORKS }),
  productRule(
    'lib-front-door',
    'A lib is imported through its src/index.ts.',
    { path: '^(src|config|scripts|bench|ormconfig\\.ts|libs/([^/]+)/)' },
    { path: '^libs/([^/]+)/src/.+', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$2/'] },
  ),
  productRule(
    'kernel-imports-nothing',
    'The kernel stands on the language and on Node alone.',
    { path: '^libs/kernel/' },
    { pathNot: '^libs/kernel/', dependencyTypesNot: ['core'] },
  ),
  ...allowListRules('lib-arrows', 'libs/', LIB_ARROWS),
];

const layerRules = [
  productRule(
    'common-is-a-leaf',
    'common knows no other part.',
    { path: '^src/common/' },
    { path: '^src/(?!common/)' },
  ),
  productRule(
    'bindings-not-to-modules',
    'The bindings serve the modules and know none.',
    { path: BINDINGS },
    { path: '^src/(modules|openapi)/' },
  ),
  productRule(
    'providers-bind-libs-to-config',
    'Providers need libs, config and common only.',
    { path: '^src/providers/' },
    { path: '^src/(?!providers/|common/)' },
  ),
  productRule(
    'nothing-imports-the-app',
    'The app module is put together at the top; only the entry points and the OpenAPI document start it.',
    { path: '^src/[^/]+/', pathNot: '^src/openapi/' },
    { path: TOP_FILE },
  ),
  rule(
    'nothing-imports-an-entry-point',
    'Importing an entry point starts a server.',
    { path: '^(src|libs|config|scripts|bench)/' },
    { path: '^src/(main|worker)\\.ts$' },
  ),
];

const moduleRules = [
  productRule(
    'module-front-door',
    'Another module is imported through its index.ts.',
    { path: '^src/modules/([^/]+)/' },
    { path: '^src/modules/([^/]+)/.+', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
  ),
  productRule(
    'module-front-door-from-outside',
    'A module is imported through its index.ts.',
    { path: '^(src/(?!modules/)|scripts/|bench/)' },
    { path: '^src/modules/[^/]+/.+', pathNot: '^src/modules/[^/]+/index\\.ts$' },
  ),
  productRule(
    'nobody-imports-auth',
    "Modules use common's marks and principal. Only admin, which administers users, reaches auth.",
    { path: '^src/modules/', pathNot: '^src/modules/(auth|admin)/' },
    { path: '^src/modules/auth/' },
  ),
  productRule(
    'nobody-imports-overseers',
    'They look at others; nothing looks at them.',
    { path: '^src/modules/([^/]+)/' },
    { path: `^src/modules/${oneOf(OVERSEERS)}/`, pathNot: '^src/modules/$1/' },
  ),
  ...allowListRules('module-arrows', 'src/modules/', MODULE_ARROWS),
];

const insideAModuleRules = [
  productRule(
    'only-repositories-touch-typeorm',
    'SQL lives in repositories and entities.',
    { path: '^src/modules/', pathNot: '\\.(repository|entity|module)\\.ts$' },
    { path: 'node_modules/(typeorm|@nestjs/typeorm|pg)/' },
  ),
  productRule(
    'entities-stay-home',
    "A front door gives out no entity: a row's shape is its module's own.",
    { path: '^src/modules/[^/]+/index\\.ts$' },
    { path: '\\.entity\\.ts$' },
  ),
  productRule(
    'controller-to-service',
    'A controller translates the wire and asks its service for everything else.',
    { path: '\\.controller\\.ts$' },
    { path: ['\\.(entity|repository|processor)\\.ts$', BINDINGS] },
  ),
  productRule(
    'service-not-to-controller',
    'Layers point down.',
    { path: '\\.(service|repository|entity|processor|mapper)\\.ts$|-state\\.ts$' },
    { path: '\\.controller\\.ts$' },
  ),
  productRule(
    'repository-not-to-service',
    'Layers point down.',
    { path: '\\.(repository|entity)\\.ts$' },
    { path: '\\.(service|processor)\\.ts$' },
  ),
  productRule(
    'entity-not-to-repository',
    'Layers point down.',
    { path: '\\.entity\\.ts$' },
    { path: '\\.repository\\.ts$' },
  ),
  productRule(
    'pure-rules-know-no-nest',
    'State machines and mappers are plain functions.',
    { path: '(-state|\\.mapper)\\.ts$' },
    { path: 'node_modules/@nestjs/' },
  ),
];

module.exports = {
  forbidden: [...generalRules, ...libRules, ...layerRules, ...moduleRules, ...insideAModuleRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|coverage|\\.cache|web)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
