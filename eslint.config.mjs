// CONTRIBUTING's rules as lint errors: boundaries between projects by tag, no floats near money, no promise left floating.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import {
  BARREL,
  CLOCK,
  CLOCK_PROPERTIES,
  CORE_PROPERTIES,
  ENVIRONMENT,
  FLOATS,
  FLOAT_PROPERTIES,
  SECRETS,
  SHAPES,
  SQL,
} from './tools/repo/restricted.mjs';
import { AUDIT_ENTRY, auditEntries } from './tools/repo/audit-entries.mjs';
import { MANY_PARAMETERS, MOST_PARAMETERS } from './tools/repo/collaborators.mjs';
import { CONSOLE, CONSOLE_RULES } from './tools/repo/console-rules.mjs';

await knowProjects();

/** Without Nx's graph of projects its rule lets every import pass; `eslint` that nobody started through Nx makes it. */
async function knowProjects() {
  try {
    readCachedProjectGraph();
  } catch {
    process.env.NX_DAEMON ??= 'false';
    await createProjectGraphAsync();
  }
}

const TESTS = ['**/*.spec.ts', '**/{testkit,testing,test-kit,*-testing}/**/*.ts'];
/** What runs on a developer's machine only: tools, and the servers that tools and tests start. */
const TOOLS = ['tools/*/src/**/*.ts', 'libs/test-servers/src/**/*.ts'];
/** Lists of names, and files written by `npm run reference`. */
const LISTS = ['libs/*/src/index.ts', 'libs/*/src/{admin-calls,api-types}.ts'];
const PRIMITIVE = 'type:primitive';
const HASHES = ['@noble/hashes/sha2.js', '@noble/hashes/sha3.js'];
const PLATFORM = ['type:platform', 'type:api', 'type:contract', 'type:signing', PRIMITIVE];
/** Which projects a tag may depend on, and, where it is protected from frameworks, which packages. Nx ANDs a project's tags. */
const BOUNDARIES = {
  [PRIMITIVE]: { projects: [PRIMITIVE], packages: ['decimal.js', '@scure/base', ...HASHES] },
  'type:core': { projects: [PRIMITIVE], packages: [] },
  'type:signing': { projects: [PRIMITIVE], packages: ['node:crypto'] },
  'type:contract': { projects: [PRIMITIVE], packages: ['class-validator', 'node:crypto'] },
  'type:chain': { projects: [PRIMITIVE], packages: ['viem'] },
  'type:package': {
    projects: ['type:package'],
    packages: ['node:crypto', 'node:timers/promises'],
  },
  'type:api': { projects: ['type:api', 'type:signing', PRIMITIVE] },
  'type:platform': { projects: [...PLATFORM, 'scope:connector'] },
  'type:app': { projects: [...PLATFORM, 'type:core', 'type:chain', 'type:package'] },
  'type:simulator': { projects: ['type:signing', PRIMITIVE] },
  'type:tool': {
    projects: [...PLATFORM, 'type:chain', 'type:package', 'type:tool', 'type:testing'],
  },
  'type:testing': {
    projects: [...PLATFORM, 'type:core', 'type:chain', 'type:package', 'type:testing'],
  },
};

const SCOPES = ['scope:withdrawal', 'scope:ledger', 'scope:connector'];
const OTHER_SCOPES = SCOPES.map((scope) => ({
  sourceTag: scope,
  notDependOnLibsWithTags: SCOPES.filter((other) => other !== scope),
}));

/** Tests may import more: the test doubles, the servers for tests and fast-check. */
function boundaries({ moreProjects, morePackages }) {
  const byType = Object.entries(BOUNDARIES).map(([sourceTag, { projects, packages }]) => ({
    sourceTag,
    onlyDependOnLibsWithTags: [...projects, ...moreProjects],
    ...(packages && { allowedExternalImports: [...packages, ...morePackages] }),
  }));
  // `#name` is a file of the same project, where Node runs its TypeScript as it is (tools/generators).
  return ['error', { allow: ['^#', AUDIT_ENTRY], depConstraints: [...byType, ...OTHER_SCOPES] }];
}

const projects = globSync('{apps,libs,tools}/*/project.json', { cwd: import.meta.dirname }).map(
  (file) => ({
    folder: dirname(file),
    tags: JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).tags ?? [],
  }),
);

function sourcesOf(accepts) {
  return projects.filter(({ tags }) => accepts(tags)).map(({ folder }) => `${folder}/src/**/*.ts`);
}

const noApps = {
  regex: `^@sluice/(${projects
    .filter(({ folder }) => folder.startsWith('apps/'))
    .map(({ folder }) => basename(folder))
    .join('|')})(/|$)`,
  message: 'Nobody imports an app.',
};

function onlyImports(packages, message) {
  const allowed = ['\\.', '@sluice/', ...packages.map((name) => `${name.replace('.', '\\.')}$`)];
  return ['error', { patterns: [{ regex: `^(?!${allowed.join('|')})`, message }, noApps] }];
}

/** Nx knows npm packages and projects; what Node itself brings is fenced off here, by the same table. */
const protectedTypes = Object.entries(BOUNDARIES)
  .filter(([, { packages }]) => packages)
  .map(([tag, { packages }]) => ({
    files: sourcesOf((tags) => tags.includes(tag)),
    ignores: TESTS,
    rules: {
      'no-restricted-imports': onlyImports(
        packages,
        `${tag} may import ${packages.join(', ') || 'no package'}, and @sluice projects`,
      ),
    },
  }));

/** What came out of JSON.parse or a driver is checked before it is used; a test may look at it as it is. */
const UNSAFE = ['assignment', 'argument', 'call', 'member-access', 'return'].map(
  (use) => `@typescript-eslint/no-unsafe-${use}`,
);
const CORE_GLOBALS =
  'process fetch setTimeout setInterval setImmediate queueMicrotask performance crypto Buffer console'.split(
    ' ',
  );
export default defineConfig(
  globalIgnores(['**/dist', '.nx', '.sluice', 'reports', 'coverage', '**/target', '.ci']),
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.mjs'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-unused-vars': 'error',
      'max-params': ['error', MOST_PARAMETERS],
      'max-lines-per-function': ['error', 70],
      'max-lines': ['error', 300],
    },
  },
  {
    files: ['{apps,libs,tools}/*/src/**/*.ts', CONSOLE],
    plugins: { '@typescript-eslint': tseslint.plugin, '@nx': nx, 'import-x': importX },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx'],
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.tsx', '.js', '.json'],
          extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
          conditionNames: ['@sluice/source', 'node', 'import', 'default'],
        }),
      ],
    },
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ moreProjects: [], morePackages: [] }),
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      ...Object.fromEntries(UNSAFE.map((rule) => [rule, 'error'])),
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-globals': ['error', 'parseFloat'],
      'no-restricted-imports': ['error', { patterns: [noApps] }],
      'no-restricted-properties': [
        'error',
        ...FLOAT_PROPERTIES,
        ...ENVIRONMENT,
        ...CLOCK_PROPERTIES,
      ],
      'no-restricted-syntax': [
        'error',
        ...SHAPES,
        ...BARREL,
        ...FLOATS,
        ...SECRETS,
        ...SQL,
        ...CLOCK,
      ],
      'max-params': ['error', MOST_PARAMETERS],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: LISTS, rules: { 'max-lines': 'off' } },
  CONSOLE_RULES,
  ...auditEntries(noApps),
  ...MANY_PARAMETERS,
  ...protectedTypes,
  {
    files: sourcesOf(
      (tags) => tags.includes('type:platform') && !tags.some((tag) => SCOPES.includes(tag)),
    ),
    ignores: TESTS,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@sluice/(.+-core|connector-rules)$',
              message: 'A platform library without a scope serves every scope: it knows no core.',
            },
            noApps,
          ],
        },
      ],
    },
  },
  {
    files: sourcesOf((tags) => tags.includes('type:core') || tags.includes('type:chain')),
    ignores: TESTS,
    rules: {
      'no-restricted-globals': ['error', 'parseFloat', ...CORE_GLOBALS],
      'no-restricted-properties': [
        'error',
        ...FLOAT_PROPERTIES,
        ...ENVIRONMENT,
        ...CORE_PROPERTIES,
      ],
      'no-restricted-syntax': ['error', ...SHAPES, ...BARREL, ...FLOATS, ...SECRETS, ...CLOCK],
    },
  },
  {
    // The one file that reads it for everybody, that of the client, which signs with the time of whoever sends, and the venues' doubles,
    // whose own clocks are what they are.
    files: [
      'libs/runtime/src/clock/process-clock.ts',
      'libs/client/src/system-clock.ts',
      ...sourcesOf((tags) => tags.includes('type:simulator')),
    ],
    rules: {
      'no-restricted-properties': ['error', ...FLOAT_PROPERTIES, ...ENVIRONMENT],
      'no-restricted-syntax': ['error', ...SHAPES, ...BARREL, ...FLOATS, ...SECRETS, ...SQL],
    },
  },
  {
    // Data definition takes no parameters; the test servers get roles and databases of our own naming.
    files: TOOLS,
    rules: { 'no-restricted-syntax': ['error', ...SHAPES, ...BARREL, ...FLOATS, ...SECRETS] },
  },
  {
    files: ['**/config.ts', 'libs/runtime/src/crash-point/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...FLOAT_PROPERTIES, ...CLOCK_PROPERTIES] },
  },
  {
    files: [...TOOLS, ...TESTS],
    rules: { 'no-restricted-properties': ['error', ...FLOAT_PROPERTIES] },
  },
  {
    files: TESTS,
    rules: {
      '@nx/enforce-module-boundaries': boundaries({
        moreProjects: ['type:testing'],
        morePackages: ['fast-check', 'viem/accounts'],
      }),
      'no-restricted-syntax': ['error', ...SHAPES, ...FLOATS],
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/restrict-template-expressions': 'off',
      ...Object.fromEntries(UNSAFE.map((rule) => [rule, 'off'])),
    },
  },
);
