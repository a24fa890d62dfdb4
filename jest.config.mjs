// One configuration for every project: Nx passes the project's folder as --rootDir and the kind of test as SLUICE_TESTS.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));

const KINDS = {
  unit: {
    match: ['<rootDir>/src/**/*.spec.ts'],
    ignore: ['\\.(int|faults|e2e|suite|vectors)\\.spec\\.ts$'],
    timeout: 10_000,
  },
  integration: { match: ['<rootDir>/src/**/*.int.spec.ts'], ignore: [], timeout: 60_000 },
  faults: { match: ['<rootDir>/src/**/*.faults.spec.ts'], ignore: [], timeout: 180_000 },
  e2e: { match: ['<rootDir>/src/**/*.e2e.spec.ts'], ignore: [], timeout: 180_000 },
  vectors: { match: ['<rootDir>/src/**/*.vectors.spec.ts'], ignore: [], timeout: 30_000 },
};
const kind = KINDS[process.env.SLUICE_TESTS ?? 'unit'];

export default {
  // All projects and kinds share the transformed files of libraries.
  id: 'sluice',
  testEnvironment: 'node',
  // Jest adds `import` or `require` by itself, per caller. Listed here, `import` would send require() of pg-pool to its ES module.
  testEnvironmentOptions: { customExportConditions: ['@sluice/source', 'node', 'node-addons'] },
  testMatch: kind.match,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...kind.ignore],
  testTimeout: process.env.SLUICE_PROPERTY_RUNS ? 600_000 : kind.timeout,
  testSequencer: fileURLToPath(new URL('./tools/build/longest-first.mjs', import.meta.url)),
  setupFiles: [fileURLToPath(new URL('./tools/build/property-tests.mjs', import.meta.url))],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  transformIgnorePatterns: ['/node_modules/(?!@sluice/)'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};
