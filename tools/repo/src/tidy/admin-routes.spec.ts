import 'reflect-metadata';
import { join } from 'node:path';
import { RequestMethod } from '@nestjs/common';
import { CallerGuard, requirementsOf, ROLES } from '@sluice/http-api';
import { filesLike, read, ROOT } from './repository.js';

const DOCUMENT = 'docs/admin-routes.md';

/** Parts of libs with controllers that not every service has. */
const SERVED_BY: Readonly<Record<string, string>> = {
  'connector-engine': 'each connector',
  'service-shell/src/halt': 'intake-api, each connector',
};

interface Route {
  readonly servedBy: string;
  readonly name: string;
  readonly requires: readonly string[];
  readonly isGuarded: boolean;
}

describe('the routes under /internal', () => {
  let routes: readonly Route[];
  beforeAll(async () => {
    const files = filesLike(/^(apps|libs)\/[^/]+\/src\/.*\.controller\.ts$/);
    routes = (await Promise.all(files.map(routesIn))).flat();
  });

  it('all say who may call them, and are behind the guard that reads it', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.filter(({ requires, isGuarded }) => requires.length === 0 || !isGuarded)).toEqual(
      [],
    );
  });

  it('let people who only audit read, and change nothing', () => {
    const changing = routes.filter(({ name }) => !name.startsWith('GET '));
    expect(changing.filter(({ requires }) => requires.includes('audit'))).toMatchObject([
      { name: 'POST /internal/policy/differences' }, // the body is the rule set to compare
      { name: 'POST /internal/policy/dry-run' }, // as the comparison
      { name: 'POST /internal/policy/preview' }, // the body is the withdrawal to decide
      { name: 'POST /internal/proof' }, // its body says which heads to compare with; it writes nothing
      { name: 'POST /internal/audit/proof' }, // as the proof of the book
    ]);
  });

  it('open nothing to services but what they are known to ask', () => {
    const forServices = routes.flatMap(({ name, requires }) =>
      requires.flatMap((one) => (one.startsWith('service:') ? [`${one} ${name}`] : [])),
    );
    expect(forServices).toEqual([
      'service:intake-api POST /internal/transfers/trial',
      'service:intake-api GET /internal/accounts/:account_id/balances',
      'service:intake-api GET /internal/shared-accounts/:account/balances',
      'service:intake-api GET /internal/accounts/:account_id/addresses',
      'service:intake-api POST /internal/accounts/:account_id/addresses',
      'service:intake-api POST /internal/accounts/:account_id/addresses/:entry_id/confirm',
      'service:intake-api POST /internal/accounts/:account_id/addresses/:entry_id/remove',
      'service:intake-api GET /internal/accounts/:account_id/address-book',
      'service:intake-api POST /internal/accounts/:account_id/address-book',
      'service:intake-api GET /internal/book-halts',
      'service:intake-api POST /internal/holds/comparison',
      'service:intake-api POST /internal/holds/found',
      'service:intake-api POST /internal/holds/again',
      'service:intake-api POST /internal/policy/preview',
      'service:intake-api GET /internal/accounts/:account_id/signers',
      'service:connector-evm POST /internal/signatures',
      'service:connector-evm POST /internal/signatures/batch',
      'service:connector-evm POST /internal/signatures/search',
      'service:connector-evm POST /internal/signatures/closed',
      'service:intake-api GET /internal/deliveries/:id',
      'service:intake-api POST /internal/deliveries/:id/requeue',
      'service:intake-api GET /internal/events',
      'service:intake-api POST /internal/webhooks/:id/test',
      'service:intake-api GET /internal/webhooks/:id/deliveries',
      'service:intake-api POST /internal/webhooks/:id/rotate',
      'service:intake-api POST /internal/webhooks',
      'service:intake-api GET /internal/webhooks',
      'service:intake-api GET /internal/webhooks/:id',
      'service:intake-api PATCH /internal/webhooks/:id',
      'service:intake-api DELETE /internal/webhooks/:id',
      'service:intake-api POST /internal/webhooks/:id/resume',
    ]);
  });

  it(`are those of ${DOCUMENT}`, () => {
    const [, ...sections] = read(DOCUMENT).split(/^## /m);
    const written = sections.flatMap((section) => {
      const [service = '', ...lines] = section.split('\n');
      return lines.filter((line) => line !== '').map((line) => `${service} ${line}`);
    });
    expect(written).toEqual(routes.map(lineOf).toSorted());
  });
});

/** As the document writes it, behind the heading of its section. */
function lineOf({ servedBy, name, requires }: Route): string {
  const isForAll = ROLES.every((role) => requires.includes(role));
  const named = requires.filter((one) => !isForAll || one.startsWith('service:'));
  const who = [...(isForAll ? ['any role'] : []), ...named.map((one) => `\`${one}\``)];
  return `${servedBy} - \`${name}\`: ${who.join(', ')}`;
}

async function routesIn(file: string): Promise<Route[]> {
  const exported: unknown = await import(join(ROOT, file));
  return Object.values(Object(exported) as object)
    .filter((one) => typeof one === 'function')
    .flatMap((controller) => routesOf(controller as NewableFunction, servedBy(file)));
}

function servedBy(file: string): string {
  const [kind, project = ''] = file.split('/');
  if (kind === 'apps') return project;
  const [, servedBy] =
    Object.entries(SERVED_BY).find(([part]) => file.startsWith(`libs/${part}/`)) ?? [];
  return servedBy ?? 'every service';
}

function routesOf(controller: NewableFunction, by: string): Route[] {
  const base = metadata('path', controller);
  if (typeof base !== 'string' || !base.startsWith('internal')) return [];
  const guards = metadata('__guards__', controller);
  const members = Object.entries(Object.getOwnPropertyDescriptors(controller.prototype));
  return members.flatMap(([member, { value }]: [string, PropertyDescriptor]) => {
    if (
      member === 'constructor' ||
      typeof value !== 'function' ||
      metadata('path', value) === undefined
    )
      return [];
    const method = RequestMethod[Number(metadata('method', value))];
    const path = `/${base}/${String(metadata('path', value))}`.replace(/\/+$/, '');
    return [
      {
        servedBy: by,
        name: `${method} ${path}`,
        requires: requirementsOf(value),
        isGuarded: Array.isArray(guards) && guards.includes(CallerGuard),
      },
    ];
  });
}

/** What Nest's decorators leave on a class or a handler. */
function metadata(key: string, of: object): unknown {
  return Reflect.getMetadata(key, of);
}
