import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { PUBLIC_ERRORS } from '../../http/public-error.js';
import { allowedMethods } from '../../http/public-routes.js';
import type { OpenApi, OpenApiOperation } from './open-api.js';
import { IntakeApiModule } from '../../intake-api.module.js';
import { describePublicApi } from './public-api.js';
import { TAGS } from './words.js';

const COMMITTED = readFileSync(new URL('../openapi.json', import.meta.url), 'utf8');
/** Answered where no route is found. */
const OF_NO_ROUTE = ['method_not_allowed'];

describe('the published document of the public API', () => {
  let document: OpenApi;
  let operations: readonly { method: string; path: string; operation: OpenApiOperation }[];
  beforeAll(async () => {
    document = await describePublicApi(IntakeApiModule);
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
  });

  it('is the committed one: `npm run reference` writes it', () => {
    expect(JSON.parse(COMMITTED)).toEqual(document);
    expect(COMMITTED).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });

  it('has no listed boolean and no decimal format, which code generators read wrongly', () => {
    expect(COMMITTED).not.toMatch(/"enum": \[\s*(true|false)/);
    expect(COMMITTED).not.toContain('"format": "decimal"');
  });

  it('lists the events of a webhook for requests alone: an answer may have one of a later release', () => {
    const itemsOf = (name: string) =>
      document.components.schemas[name]?.properties?.['events']?.items;

    for (const name of ['RegisterWebhookDto', 'EditWebhookDto'])
      expect(itemsOf(name)).toMatchObject({ enum: expect.arrayContaining(['webhook.paused']) });
    for (const name of ['RegisteredWebhookDto', 'NewWebhookDto'])
      expect(itemsOf(name)).toEqual({ type: 'string' });
  });

  it('has 64 bits for each integer that may need them, as the number of a withdrawal does', () => {
    const { properties } = document.components.schemas['SubmittedWithdrawalDto'] ?? {};

    expect(properties?.['withdrawal_id']).toMatchObject({ type: 'integer', format: 'int64' });
  });

  it('is OpenAPI 3.1, with an operation for each method that a path allows, and no other', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.length).toBeGreaterThan(4);
    for (const path of Object.keys(document.paths)) {
      const methods = operations.filter((one) => one.path === path).map(({ method }) => method);
      const served = methods.flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method]));
      expect([path, served.map((method) => method.toUpperCase()).sort()]).toEqual([
        path,
        allowedMethods(path.replaceAll(/\{\w+\}/g, '17'))
          ?.split(', ')
          .sort(),
      ]);
    }
  });

  it('names, sums up and files each operation, and says which permission it needs', () => {
    const ids = operations.map(({ operation }) => operation.operationId);

    expect(new Set(ids).size).toBe(ids.length);
    for (const { operation } of operations) {
      const { operationId, summary, tags } = operation;
      expect({ operationId, summary, tags }).toEqual({
        operationId: expect.stringMatching(/^[a-z][A-Za-z]+$/) as string,
        summary: expect.stringMatching(/^[A-Z].{5,}[^.]$/) as string,
        tags: [expect.stringMatching(new RegExp(`^(${Object.keys(TAGS).join('|')})$`)) as string],
      });
      expect(operation).toHaveProperty('x-permission');
      expect(operation).toMatchObject({ security: [{ key: [], timestamp: [], signature: [] }] });
    }
  });

  it('says what each answer is, and leaves none to a default', () => {
    for (const { operation } of operations)
      for (const [status, answer] of Object.entries(operation.responses))
        expect([operation.operationId, status, answer]).toEqual([
          operation.operationId,
          expect.stringMatching(/^\d{3}$/) as string,
          expect.objectContaining({
            description: expect.stringMatching(/./) as string,
            content: { 'application/json': { schema: expect.anything() as unknown } },
          }) as object,
        ]);
  });

  it('has every refusal of the public API at some route', () => {
    const text = JSON.stringify(operations.map(({ operation }) => operation.responses));
    const missing = Object.entries(PUBLIC_ERRORS).filter(
      ([, [, message]]) => !text.includes(message),
    );

    expect(missing.map(([kind]) => kind)).toEqual(OF_NO_ROUTE);
  });

  it('leads to schemas that exist, has none beside them, and shows no word of the admin API', () => {
    const text = JSON.stringify(document);
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);

    expect(new Set(named)).toEqual(new Set(Object.keys(document.components.schemas)));
    expect(text).not.toMatch(
      /\/internal\/|x-requires|x-refusals|x-passed-on|x-waits|x-replays|x-any-query|"nullable"/,
    );
  });
});
