import { join } from 'node:path';
import { filesLike, read, ROOT } from './repository.js';

interface TwoPeopleRoute {
  readonly route: string;
  readonly action: string;
}

const TABLE = 'apps/auditor/src/check-reports/two-people-routes.ts';

/** Files whose routes the auditor does not list, with the reason. */
const NOT_LISTED: Readonly<Record<string, string>> = {
  'apps/auditor/src/findings/findings.admin.controller.ts': 'the auditor does not report to itself',
  'apps/signer/src/signatures/nonces.admin.controller.ts':
    'the signer does not report to the auditor',
  'apps/webhooks/src/webhooks/create-webhook.ts': 'webhooks does not report to the auditor',
  'apps/ledger/src/money-orders/money-orders.ts': 'one person is enough below the limits',
  'apps/ledger/src/policy/set-price.ts': 'one person is enough for a price near the last ones',
  'apps/intake-api/src/api-keys/key-orders.ts': 'one person is enough for a key without power',
  'apps/intake-api/src/catalogue/set-terms.ts': 'a repeated order is answered without a demand',
  'libs/connector-engine/src/assets/assets.controller.ts':
    'a repeated order is answered without a demand',
};

describe('the routes for two people, as the auditor knows them', () => {
  let table: readonly TwoPeopleRoute[];
  let approvalRoute: unknown;
  beforeAll(async () => {
    const exported = (await import(join(ROOT, TABLE))) as Record<string, unknown>;
    table = exported['TWO_PEOPLE_ROUTES'] as readonly TwoPeopleRoute[];
    approvalRoute = exported['APPROVAL_ROUTE'];
  });

  it('exist', () => {
    const known = read('docs/admin-routes.md');
    const routes = [...table.map(({ route }) => route), approvalRoute];

    expect(routes.filter((route) => !known.includes(`- \`${String(route)}\`: `))).toEqual([]);
  });

  it('have the actions that the services register, and no other file registers an action', () => {
    const registering = filesLike(/^(apps|libs)\/[^/]+\/src\/.*\.ts$/).filter(
      (file) => !file.endsWith('.spec.ts') && /approvals\.register\(/.test(read(file)),
    );
    const listed = registering.filter((file) => !(file in NOT_LISTED));

    expect(Object.keys(NOT_LISTED).filter((file) => !registering.includes(file))).toEqual([]);
    expect(listed.map(actionOf).toSorted()).toEqual(table.map(({ action }) => action).toSorted());
  });
});

/** The action that a file registers by the name of a constant. */
function actionOf(file: string): string {
  const [, name = ''] = /approvals\.register\(\s*(\w+)/.exec(read(file)) ?? [];
  const defining = [file, ...filesLike(new RegExp(`^${folderOf(file)}/[^/]+\\.ts$`))];
  const value = defining
    .map((one) => new RegExp(`const ${name} = '([^']+)'`).exec(read(one))?.[1])
    .find((found) => found !== undefined);
  return value ?? `${file} ${name}`;
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
