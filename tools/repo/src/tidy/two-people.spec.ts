import { join } from 'node:path';
import { filesLike, read, ROOT } from './repository.js';

interface TwoPeopleRoute {
  readonly route: string;
  readonly action: string;
}

const TABLE = 'apps/auditor/src/check-reports/two-people-routes.ts';

const ATTACKS = 'tools/e2e/src/attacks/console.e2e.spec.ts';

/** Actions of files that register several. */
const SEVERAL: Readonly<Record<string, readonly string[]>> = {
  'apps/ledger/src/money-orders/money-orders.ts': [
    'fund account',
    'transfer funds',
    'reverse entry',
  ],
  'apps/intake-api/src/api-keys/key-orders.ts': ['create key', 'rotate key'],
  'apps/intake-api/src/catalogue/set-terms.ts': [
    'set terms of currency',
    'set terms of network',
    'set terms of account',
  ],
};

/** Files that compare names of people: each needs an attack with two tokens and no passkey. */
const COMPARING: readonly string[] = [
  'apps/auditor/src/check-reports/demands.ts',
  'apps/ledger/src/address-book/address-entries.ts',
  'apps/ledger/src/money-orders/one-person-limits.ts',
  'apps/ledger/src/passkeys/passkeys.ts',
  'apps/ledger/src/passkeys/register-passkey.ts',
  'apps/ledger/src/payment-approvals/decide-payment.ts',
  'libs/service-shell/src/approvals/approvals.ts',
];

/** Files whose routes the auditor does not list, with the reason. */
const NOT_LISTED: Readonly<Record<string, string>> = {
  'apps/auditor/src/findings/findings.admin.controller.ts': 'the auditor does not report to itself',
  'apps/signer/src/signatures/nonces.admin.controller.ts':
    'the signer does not report to the auditor',
  'apps/webhooks/src/webhooks/webhook-agreement.ts': 'webhooks does not report to the auditor',
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

  it('are attacked through the console, with the tokens of two people and no passkey', () => {
    const attacked = [...read(ATTACKS).matchAll(/action: '([^']+)'/g)].map(([, action]) => action);

    const actions = registeringFiles().flatMap((file) => SEVERAL[file] ?? [actionOf(file)]);

    expect(actions.filter((action) => !attacked.includes(action))).toEqual([]);
  });

  it('are all: no other file decides whether two people are one', () => {
    const comparing = filesLike(/^(apps|libs)\/[^/]+\/src\/.*\.ts$/).filter(
      (file) =>
        !file.endsWith('.spec.ts') &&
        /import \{[^}]*(isSamePersonName|personNameSkeletons)/.test(read(file)),
    );

    expect(comparing.toSorted()).toEqual(COMPARING);
  });

  it('have the actions that the services register, and no other file registers an action', () => {
    const registering = registeringFiles();
    const listed = registering.filter((file) => !(file in NOT_LISTED));

    expect(Object.keys(NOT_LISTED).filter((file) => !registering.includes(file))).toEqual([]);
    expect(listed.map(actionOf).toSorted()).toEqual(table.map(({ action }) => action).toSorted());
  });
});

function registeringFiles(): readonly string[] {
  return filesLike(/^(apps|libs)\/[^/]+\/src\/.*\.ts$/).filter(
    (file) => !/\.spec\.ts$|\/testkit\//.test(file) && /approvals\.register\(/.test(read(file)),
  );
}

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
