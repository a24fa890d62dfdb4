/**
 * Texts violating the lint configuration: each breaks a single rule. The named files exist, to make
 * type information available.
 */
export const REFUSED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ...imports('@nx/enforce-module-boundaries', [
    ['libs/ledger-core/src/book.ts', '@nestjs/common'],
    ['libs/ledger-core/src/book.ts', 'decimal.js'],
    ['libs/ledger-core/src/book.ts', '@sluice/messages'],
    ['libs/ledger-core/src/book.ts', '@sluice/withdrawal-core'],
    ['libs/ledger-core/src/book.ts', '@sluice/test-kit'],
    ['libs/ledger-core/src/book.spec.ts', '@nestjs/common'],
    ['libs/ledger-core/src/book.spec.ts', '@sluice/kafka'],
    ['libs/kernel/src/amount.ts', 'pg'],
    ['libs/kernel/src/amount.ts', '@sluice/messages'],
    ['libs/signing/src/intake.ts', 'undici'],
    ['libs/signing/src/intake.ts', '@sluice/messages'],
    ['libs/messages/src/topic.ts', 'class-transformer'],
    ['libs/evm/src/transaction-codec.ts', 'undici'],
    ['libs/evm/src/transaction-codec.ts', '@sluice/messages'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/evm'],
    ['libs/messages/src/topic.ts', '@sluice/kafka'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/ledger-core'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/stack'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/test-servers'],
    ['libs/kafka/src/consuming/batch-server.int.spec.ts', '@sluice/stack'],
    ['libs/test-servers/src/servers/free-port.ts', '@sluice/stack'],
    ['libs/test-servers/src/servers/free-port.int.spec.ts', '@sluice/stack'],
    ['apps/ledger/src/commands/apply-commands.int.spec.ts', '@sluice/stack'],
    ['libs/kafka/src/consuming/batch-server.ts', '../../../postgres/src/index.js'],
    ['apps/ledger/src/wire/wire.ts', '@sluice/withdrawal-core'],
    ['apps/ledger/src/wire/wire.ts', '@sluice/connector-rules'],
    ['apps/ledger/src/wire/wire.ts', '@sluice/connector-engine'],
    ['apps/ledger/src/wire/wire.ts', '@sluice/test-kit'],
    ['apps/connector-evm/src/connector-evm.module.ts', '@sluice/connector-testing'],
    ['apps/connector-evm/src/config.spec.ts', '@sluice/ledger-core'],
    ['apps/ledger/src/commands/apply-commands.int.spec.ts', '@sluice/connector-testing'],
    ['apps/intake-api/src/main.ts', '@sluice/ledger-core'],
    ['apps/venue-simulator/src/main.ts', '@sluice/messages'],
    ['apps/venue-simulator/src/main.ts', '@sluice/service-shell'],
    ['tools/stack/src/main.ts', '@sluice/ledger-core'],
    ['libs/client/src/exchange.ts', 'undici'],
    ['libs/client/src/exchange.ts', '@sluice/signing'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/client'],
    ['libs/consumer-kit/src/once-in-order.ts', '@sluice/signing'],
    ['libs/consumer-kit/src/once-in-order.ts', 'pg'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/consumer-kit'],
  ]),
  ...imports('no-restricted-imports', [
    ['libs/ledger-core/src/book.ts', 'node:crypto'],
    ['libs/ledger-core/src/book.ts', 'fs'],
    ['libs/kernel/src/amount.ts', 'node:util'],
    ['libs/signing/src/intake.ts', 'node:fs'],
    ['libs/messages/src/topic.ts', 'node:fs'],
    ['libs/evm/src/transaction-codec.ts', 'node:crypto'],
    ['libs/client/src/exchange.ts', 'node:http'],
    ['libs/consumer-kit/src/once-in-order.ts', 'node:fs'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/connector-rules'],
    ['libs/kafka/src/consuming/batch-server.ts', '@sluice/ledger'],
    ['libs/ledger-core/src/book.ts', '@sluice/ledger'],
    ['apps/ledger/src/wire/wire.ts', '@sluice/intake-api'],
    ['tools/stack/src/main.ts', '@sluice/connector-evm'],
  ]),
  [
    'import-x/no-cycle',
    'libs/messages/src/fields.ts',
    `import { topic } from './ledger-commands.topic.js';\ntopic();`,
  ],
  ...inFile('libs/ledger-core/src/book.ts', {
    'no-restricted-properties': ['Date.now();', 'Math.random();', `process.env['HOME'];`],
    'no-restricted-globals': [
      'setTimeout(() => 1, 1);',
      `void fetch('x');`,
      'process.exit();',
      'Buffer.alloc(1);',
    ],
    'no-restricted-syntax': ['export const at = new Date();'],
  }),
  ...inFile('apps/console-web/src/format/amount.ts', {
    'no-restricted-syntax': [
      'export const n = (text: string) => Number(text);',
      'export const n = (text: string) => +text;',
      'export const show = (element: Element) => { element.innerHTML = "x"; };',
      'export const text = (value: number) => value.toLocaleString();',
      'export const at = new Date();',
    ],
    'no-restricted-globals': ['parseFloat("1");', 'parseInt("1", 10);', 'process.exit();'],
    'no-restricted-properties': ['Date.now();'],
  }),
  ...inFile('apps/console-web/src/components/page.tsx', {
    'no-restricted-syntax': [
      'export const part = <p dangerouslySetInnerHTML={{ __html: "x" }} />;',
      'export const part = <p style={{ color: "red" }} />;',
    ],
  }),
  ...inFile('libs/evm/src/transaction-codec.ts', {
    'no-restricted-globals': [`void fetch('x');`],
    'no-restricted-properties': ['Math.random();'],
  }),
  ...[
    'apps/intake-api/src/api-keys/authenticate-request.ts',
    'libs/connector-engine/src/wire/event-writer.ts',
    'libs/runtime/src/clock/remote-clock.ts',
    'libs/client/src/unused-timestamps.ts',
  ].flatMap((file) =>
    inFile(file, {
      'no-restricted-properties': [
        'export const at = Date.now();',
        'export const now = Date.now;',
        'export const at = performance.now();',
        'export const at = process.hrtime.bigint();',
      ],
      'no-restricted-syntax': ['export const at = new Date();', 'export const at = Date();'],
    }),
  ),
  ...inFile('apps/intake-api/src/config.ts', {
    'no-restricted-properties': ['export const at = Date.now();'],
  }),
  ...inFile('apps/ledger/src/wire/wire.ts', {
    'no-restricted-properties': [
      `export const home = process.env['HOME'];`,
      `export const n = (text: string) => Number.parseFloat(text);`,
    ],
    'no-restricted-globals': [`export const n = (text: string) => parseFloat(text);`],
    'no-restricted-syntax': [
      'export enum Kind { A }',
      'export default 1;',
      `export * from './decide.js';`,
      'export const n = (x: string) => x as unknown as number;',
      'export const x = { ...{ a: 1 } };',
      'export const x = [...[1], 2];',
      'export const n = (amount: string) => Number(amount);',
      'export const n = (row: { posted: string }) => Number(row.posted);',
      `export const n = (row: Record<string, string>) => +(row['venue_fee'] ?? '');`,
      'export const same = (signature: string, given: string) => signature === given;',
      'export const same = (given: string, keys: { internalToken: string }) => given !== keys.internalToken;',
      'export const q = (db: { query(sql: string): void }, id: string) => db.query(`SELECT ${id}`);',
      `export const q = (db: { query(sql: string): void }, id: string) => db.query('SELECT ' + id);`,
      `import { Amount } from '../index.js';\nAmount();`,
    ],
    '@typescript-eslint/no-explicit-any': ['export const x = (y: any) => String(y);'],
    '@typescript-eslint/no-floating-promises': ['export const x = async () => 1;\nx();'],
    '@typescript-eslint/no-misused-promises': ['export const x = async () => true;\nif (x()) x;'],
    '@typescript-eslint/switch-exhaustiveness-check': [
      `export function x(k: 'a' | 'b') {\n  switch (k) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}`,
    ],
    '@typescript-eslint/consistent-type-imports': [
      `import { Amount } from '@sluice/kernel';\nexport type A = Amount;`,
    ],
    '@typescript-eslint/no-unsafe-assignment': [
      `export const x: { a: string } = JSON.parse('{}');`,
    ],
    '@typescript-eslint/no-unused-vars': ['const unused = 1;'],
    'max-params': ['export const six = (a = 1, b = a, c = b, d = c, e = d, f = e) => f;'],
    'max-lines-per-function': [`export function long() {\n${'  Math.abs(1);\n'.repeat(70)}}`],
    'max-lines': ['export {};\n'.repeat(301)],
  }),
];

/** Texts accepted by the same rules. */
export const ACCEPTED: readonly (readonly [file: string, text: string])[] = [
  ...used('libs/ledger-core/src/book.ts', ['@sluice/kernel']),
  ...used('libs/ledger-core/src/book.spec.ts', ['fast-check', 'node:fs']),
  ...used('libs/kernel/src/amount.ts', ['decimal.js']),
  ...used('libs/kernel/src/address-families.ts', ['@scure/base', '@noble/hashes/sha2.js']),
  ...used('libs/signing/src/intake.ts', ['node:crypto']),
  ...used('libs/client/src/exchange.ts', ['node:crypto', 'node:timers/promises']),
  ...used('libs/messages/src/topic.ts', ['class-validator', '@sluice/kernel', 'node:crypto']),
  ...used('libs/kafka/src/kafkajs/connect-kafka.ts', ['kafkajs']),
  ...used('libs/kafka/src/consuming/batch-server.ts', [
    '@nestjs/microservices',
    '@sluice/postgres',
    '@sluice/messages',
    '@sluice/signing',
    'node:fs',
  ]),
  ...used('libs/connector-engine/src/wire/event-writer.ts', [
    '@sluice/connector-rules',
    '@sluice/kafka',
  ]),
  ...used('apps/ledger/src/wire/wire.ts', [
    '@nestjs/common',
    '@sluice/ledger-core',
    '@sluice/service-shell',
  ]),
  ...used('apps/ledger/src/commands/apply-commands.int.spec.ts', [
    '@sluice/test-servers',
    '@sluice/test-kit',
  ]),
  ...used('apps/connector-evm/src/testing/wallet-kit.ts', ['@sluice/connector-testing']),
  ...used('libs/connector-testing/src/connector-bench.ts', [
    '@sluice/connector-engine',
    '@sluice/test-servers',
    '@sluice/test-kit',
  ]),
  ...used('tools/generators/src/connector.ts', ['#register-venue', '@nx/devkit']),
  ...used('apps/venue-simulator/src/main.ts', [
    '@sluice/signing',
    '@sluice/kernel',
    '@nestjs/core',
  ]),
  ...used('tools/stack/src/main.ts', ['@sluice/messages', '@sluice/test-servers', 'kafkajs']),
  ['tools/stack/src/main.ts', `export const home = process.env['HOME'];`],
  ...[
    'tools/stack/src/main.ts',
    'libs/runtime/src/clock/process-clock.ts',
    'libs/client/src/system-clock.ts',
    'apps/venue-simulator/src/main.ts',
    'apps/ledger/src/commands/apply-commands.int.spec.ts',
    'apps/intake-api/src/testkit/given-api.ts',
  ].map(
    (file) => [file, 'export const at = [Date.now(), performance.now(), new Date()];'] as const,
  ),
  ['apps/ledger/src/wire/wire.ts', `export const at = (text: string) => new Date(text);`],
  [
    'apps/ledger/src/wire/wire.ts',
    `export const known = (token: string | undefined) => token === undefined || token === '';`,
  ],
  ['apps/ledger/src/wire/wire.ts', 'export const n = (attempts: string) => Number(attempts);'],
  [
    'apps/ledger/src/wire/wire.ts',
    'const TABLE = "hold";\nexport const q = (db: { query(sql: string): void }) => db.query(`SELECT 1 FROM ${TABLE}`);',
  ],
];

function use(name: string): string {
  return `import * as thing from '${name}';\nexport const used = [thing];`;
}

function used(file: string, names: readonly string[]) {
  return names.map((name) => [file, use(name)] as const);
}

function imports(rule: string, cases: readonly (readonly [file: string, name: string])[]) {
  return cases.map(([file, name]) => [rule, file, use(name)] as const);
}

function inFile(file: string, cases: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(cases).flatMap(([rule, texts]) =>
    texts.map((text) => [rule, file, text] as const),
  );
}
