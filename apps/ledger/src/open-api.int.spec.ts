import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { LedgerModule } from './ledger.module.js';
import {
  capture,
  entryOf,
  freeze,
  fund,
  givenAccount,
  givenLedger,
  place,
  reverse,
  type TestLedger,
} from './testkit/given-ledger.js';

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
  readonly responses: Readonly<Record<string, Partial<Response> & { readonly $ref?: string }>>;
}
interface Response {
  readonly content: { readonly 'application/json': { readonly schema: Schema } };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

const DOCUMENT = JSON.parse(
  readFileSync(new URL('./admin/openapi.json', import.meta.url), 'utf8'),
) as Document;
const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    method,
    operation,
  })),
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
    adapter
      .getInstance()
      .addHook(
        'onRoute',
        ({ method, url }) =>
          void routes.push(`${String(method)} ${url.replace(/:(\w+)/g, '{$1}')}`),
      );
    app = await NestFactory.create<NestFastifyApplication>(
      LedgerModule.over({ ...ledger, logger: pino({ level: 'silent' }) }),
      adapter,
      {
        logger: false,
      },
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
    await postgres.stop();
  });

  it('describes each endpoint, and no other', () => {
    const served = routes.filter(
      (route) => !route.startsWith('HEAD') && route.includes('/internal'),
    );

    expect(OPERATIONS.map(({ name }) => name).sort()).toEqual([...new Set(served)].sort());
  });

  it.each(OPERATIONS)('$name names each part of its path', ({ path, operation }) => {
    const named = operation.parameters
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => name);

    expect(named).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
  });

  it('describes the body of every answer to a query', async () => {
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
      const url =
        path.replace(/\{(\w+)\}/g, (_, part: string) => values[part] ?? '') +
        (path === '/internal/holds' ? '?state=captured' : '');
      const response = await app.inject({ method: 'GET', url });
      expect({ name, faults: faultsOf(response.json(), schemaOf(operation, 200), '') }).toEqual({
        name,
        faults: [],
      });
    }
  });

  it('is served as it is', async () => {
    const response = await app.inject({ method: 'GET', url: '/internal/openapi.json' });

    expect(response.json()).toEqual(DOCUMENT);
  });

  it('describes each way in which an endpoint refuses, and no other', async () => {
    const answered = new Set<string>();
    for (const [endpoint, url, body] of await refusals()) {
      const [method = '', path = ''] = endpoint.split(' ');
      const response = await app.inject({
        method: method === 'GET' ? 'GET' : 'POST',
        url,
        ...(body && { payload: body }),
      });
      const operation = OPERATIONS.find(
        ({ name }) => name === `${method} /internal/${path}`,
      )?.operation;
      const { statusCode } = response;
      expect({
        endpoint,
        url,
        faults: operation
          ? faultsOf(response.json(), schemaOf(operation, statusCode), '')
          : ['not described'],
      }).toEqual({
        endpoint,
        url,
        faults: [],
      });
      answered.add(`${method} /internal/${path} ${statusCode}`);
    }
    // The token is asked for before the endpoint; what is gone (410) has its own test, of detaching.
    const described = OPERATIONS.flatMap(({ name, operation }) =>
      Object.keys(operation.responses).map((status) => `${name} ${status}`),
    );
    expect([...answered].toSorted()).toEqual(
      described.filter((line) => !/ (200|401|410|default)$/.test(line)).toSorted(),
    );
  });

  /** Endpoints, and requests that they refuse. */
  async function refusals(): Promise<
    readonly (readonly [endpoint: string, url: string, body?: object])[]
  > {
    const [id, nobody] = [await givenAccount(ledger, '100'), randomUUID()];
    const [booked] = await ledger.run(fund(id, '5', 'used'));
    const [account, unknown] = [`/internal/accounts/${id}`, `/internal/accounts/${nobody}`];
    const money = { asset: 'USDT.ETH', amount: '1', reference: 'r' };
    const sides = { from: 'suspense', to: 'fee-income' };
    const entry = entryOf(booked);
    const [reversed] = await ledger.run(reverse(id, entry));
    const [shared, never] = ['/internal/shared-accounts', 'balances/at/yesterday'];
    return [
      ['POST accounts', '/internal/accounts', { name: 'x' }],
      ['POST accounts', '/internal/accounts', { account_id: id, name: 'other' }],
      ['POST accounts/{accountId}/fundings', `${account}/fundings`, { ...money, amount: 1 }],
      ['POST accounts/{accountId}/fundings', `${unknown}/fundings`, money],
      [
        'POST accounts/{accountId}/fundings',
        `${account}/fundings`,
        { ...money, reference: 'used' },
      ],
      ['POST accounts/{accountId}/fundings', `${account}/fundings`, { ...money, amount: '0' }],
      ['POST accounts/{accountId}/freezes', `${account}/freezes`, {}],
      [
        'POST accounts/{accountId}/freezes',
        `${unknown}/freezes`,
        { freeze_id: 'case 1', reason: 'r' },
      ],
      ['POST accounts/{accountId}/freezes/{freezeId}/lift', `/internal/accounts/x/freezes/1/lift`],
      ['POST accounts/{accountId}/freezes/{freezeId}/lift', `${account}/freezes/1/lift`],
      ['POST accounts/{accountId}/transfers', `${account}/transfers`, money],
      ['POST accounts/{accountId}/transfers', `${unknown}/transfers`, { ...money, ...sides }],
      [
        'POST accounts/{accountId}/transfers',
        `${account}/transfers`,
        { ...money, ...sides, to: 'funding' },
      ],
      ...(await frozenTransfer({ ...money, ...sides })),
      [
        'POST accounts/{accountId}/entries/{entryId}/reversal',
        `${account}/entries/${entry}/reversal`,
        {},
      ],
      [
        'POST accounts/{accountId}/entries/{entryId}/reversal',
        `${account}/entries/${nobody}/reversal`,
        { reason: 'r' },
      ],
      [
        'POST accounts/{accountId}/entries/{entryId}/reversal',
        `${account}/entries/${entryOf(reversed)}/reversal`,
        { reason: 'r' },
      ],
      ['GET accounts/{accountId}/balances', '/internal/accounts/x/balances'],
      ['GET accounts/{accountId}/balances', `${unknown}/balances`],
      ['GET accounts/{accountId}/balances/at/{time}', `${account}/${never}`],
      [
        'GET accounts/{accountId}/balances/at/{time}',
        `${unknown}/balances/at/2026-11-20T08:00:00Z`,
      ],
      ['GET accounts/{accountId}/statement', `${account}/statement?limit=0`],
      ['GET accounts/{accountId}/statement', `${unknown}/statement`],
      ['GET shared-accounts/{account}/balances', `${shared}/petty-cash/balances`],
      ['GET shared-accounts/{account}/balances/at/{time}', `${shared}/suspense/${never}`],
      [
        'GET shared-accounts/{account}/balances/at/{time}',
        `${shared}/petty-cash/balances/at/2026-11-20T08:00:00Z`,
      ],
      ['GET holds', '/internal/holds?state=lost'],
      ['GET entries/{entryId}', '/internal/entries/x'],
      ['GET entries/{entryId}', `/internal/entries/${nobody}`],
      ['GET withdrawals/{withdrawalId}/entries', '/internal/withdrawals/x/entries'],
      ['POST proof', '/internal/proof', { heads: [{}] }],
      ['POST journal/detachments', '/internal/journal/detachments', { before: 'yesterday' }],
      ['POST journal/detachments', '/internal/journal/detachments', { before: '2020-01-01' }],
    ];
  }

  async function frozenTransfer(
    body: object,
  ): Promise<readonly (readonly [endpoint: string, url: string, body: object])[]> {
    const id = await givenAccount(ledger, '100');
    await ledger.run(freeze(id));
    return [
      [
        'POST accounts/{accountId}/transfers',
        `/internal/accounts/${id}/transfers`,
        { ...body, from: `customer:${id}` },
      ],
    ];
  }
});

/** Of an answer with this status; one that is not described allows nothing. */
function schemaOf({ responses }: Operation, status: number): Schema {
  const found = responses[status];
  const named = found?.$ref
    ? DOCUMENT.components.responses[found.$ref.split('/').at(-1) ?? '']
    : found;
  return named?.content?.['application/json'].schema ?? { const: 'not described' };
}

/** The part of JSON Schema that the document uses. An empty list where one row is needed proves nothing, so that is a fault too. */
function faultsOf(value: unknown, schema: Schema, at: string): string[] {
  if (schema.$ref)
    return faultsOf(
      value,
      DOCUMENT.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {},
      at,
    );
  if ('const' in schema)
    return value === schema.const ? [] : [`${at} is not ${String(schema.const)}`];
  const type =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : Number.isInteger(value)
          ? 'integer'
          : typeof value;
  if (schema.type && ![schema.type].flat().includes(type)) return [`${at} is a ${type}`];
  if (schema.pattern && typeof value === 'string' && !new RegExp(schema.pattern).test(value))
    return [`${at} does not match`];
  if (schema.enum && !schema.enum.includes(String(value)))
    return [`${at} is not one of its values`];
  if (Array.isArray(value) && schema.items) {
    if (value.length === 0 && !at.endsWith('violations')) return [`${at} is empty`];
    return value.flatMap((item, index) => faultsOf(item, schema.items!, `${at}[${index}]`));
  }
  if (type !== 'object' || !schema.properties) return [];
  const fields = Object.entries(value as object);
  const undocumented = fields
    .filter(([field]) => !schema.properties?.[field])
    .map(([field]) => `${at}.${field} is not described`);
  const missing = (schema.required ?? [])
    .filter((field) => !fields.some(([name]) => name === field))
    .map((field) => `${at}.${field} is missing`);
  return [
    ...undocumented,
    ...missing,
    ...fields.flatMap(([field, item]) =>
      faultsOf(item, schema.properties?.[field] ?? {}, `${at}.${field}`),
    ),
  ];
}
