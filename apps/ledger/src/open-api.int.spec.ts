import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { LedgerModule } from './ledger.module.js';
import { capture, entryOf, givenAccount, givenLedger, place, type TestLedger } from './testkit/given-ledger.js';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
}
interface Operation {
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly responses: { readonly 200: { readonly content: { readonly 'application/json': { readonly schema: Schema } } } };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const DOCUMENT = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as Document;
const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, method, operation })),
);

describe('openapi.json', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let app: NestFastifyApplication;
  const routes: string[] = [];
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
    const adapter = new FastifyAdapter();
    adapter.getInstance().addHook('onRoute', ({ method, url }) => void routes.push(`${String(method)} ${url.replace(/:(\w+)/g, '{$1}')}`));
    app = await NestFactory.create<NestFastifyApplication>(LedgerModule.over({ ...ledger, logger: pino({ level: 'silent' }) }), adapter, {
      logger: false,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
    await postgres.stop();
  });

  it('describes each door, and no other', () => {
    const served = routes.filter((route) => !route.startsWith('HEAD') && route.includes('/internal'));

    expect(OPERATIONS.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort());
  });

  it.each(OPERATIONS)('$name names each part of its path', ({ path, operation }) => {
    const named = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);

    expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  });

  it('tells the truth about every answer to a question', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const [, captured] = await ledger.run(hold, capture(hold, '50', '1'));
    const values: Record<string, string> = {
      accountId,
      withdrawalId: hold.data.withdrawalId,
      entryId: entryOf(captured),
      time: '2999-01-01T00:00:00Z',
      account: 'clearing:gateio',
    };

    for (const { name, path, operation } of OPERATIONS.filter(({ method }) => method === 'get')) {
      const url = path.replace(/\{(\w+)\}/g, (_, part: string) => values[part] ?? '') + (path === '/internal/holds' ? '?state=captured' : '');
      const response = await app.inject({ method: 'GET', url });
      expect({ name, faults: faultsOf(response.json(), operation.responses[200].content['application/json'].schema, '') }).toEqual({
        name,
        faults: [],
      });
    }
  });
});

/** The part of JSON Schema that the document uses. An empty list where one row is needed proves nothing, so that is a fault too. */
function faultsOf(value: unknown, schema: Schema, at: string): string[] {
  if (schema.$ref) return faultsOf(value, DOCUMENT.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, at);
  if ('const' in schema) return value === schema.const ? [] : [`${at} is not ${String(schema.const)}`];
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (schema.type && ![schema.type].flat().includes(type)) return [`${at} is a ${type}`];
  if (schema.pattern && typeof value === 'string' && !new RegExp(schema.pattern).test(value)) return [`${at} does not match`];
  if (schema.enum && !schema.enum.includes(String(value))) return [`${at} is not one of its values`];
  if (Array.isArray(value) && schema.items) {
    if (value.length === 0 && !at.endsWith('violations')) return [`${at} is empty`];
    return value.flatMap((item, index) => faultsOf(item, schema.items!, `${at}[${index}]`));
  }
  if (type !== 'object' || !schema.properties) return [];
  const fields = Object.entries(value as object);
  const undocumented = fields.filter(([field]) => !schema.properties?.[field]).map(([field]) => `${at}.${field} is not described`);
  const missing = (schema.required ?? []).filter((field) => !fields.some(([name]) => name === field)).map((field) => `${at}.${field} is missing`);
  return [...undocumented, ...missing, ...fields.flatMap(([field, item]) => faultsOf(item, schema.properties?.[field] ?? {}, `${at}.${field}`))];
}
