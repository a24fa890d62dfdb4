import { randomUUID } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { LedgerApiDocument } from './testkit/api-document.js';
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
  unfreeze,
} from './testkit/given-ledger.js';
import { softwarePasskey } from './testkit/software-passkey.js';
import { aCustomer, ADA, addSigner, orderOf, signersOf } from './testkit/signed-order.js';
import { haltBook } from './book-halt/book-halt.js';
import { givenLedgerApp } from './testkit/given-ledger-app.js';

/** What every service has. */
const PLATFORM = /^\/internal\/(approvals|audit|dead-letters|invariants|self-check|whoami)/;

/** Routes that refuse every person; tools/e2e asks them as intake-api. */
const FOR_SERVICES = /^POST holds\/(again|comparison|found) /;

const VOTES = 'POST payment-approvals/{withdrawal_id}/votes';
const BIG = {
  kind: 'approval',
  name: 'big',
  assets: ['USDT.ETH'],
  above: '1000',
  unit: 'asset',
};

describe('the OpenAPI document of the admin API', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let document: LedgerApiDocument;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedger(postgres);
    app = await givenLedgerApp(ledger);
    document = new LedgerApiDocument((await app.ask('GET', '/internal/openapi.json')).body);
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
    await postgres.stop();
  });
  const ours = () => document.operations.filter(({ path }) => !PLATFORM.test(path));

  /** Each endpoint with each status that the document has for it. */
  const described = () =>
    ours().flatMap(({ name, operation }) =>
      Object.keys(operation.responses).map(
        (status) => `${name.replace('/internal/', '')} ${status}`,
      ),
    );

  it('describes each endpoint, and no other', () => {
    const served = app.routes
      .filter((route) => !route.startsWith('HEAD') && route.includes('/internal'))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));

    expect(
      ['GET /internal/openapi.json', ...document.operations.map(({ name }) => name)].sort(),
    ).toEqual([...new Set(served)].sort());
  });

  it('names each part of a path, says what each endpoint does, and what each body has', () => {
    for (const endpoint of ours()) {
      const { name, path, method } = endpoint;
      const { parameters, summary } = endpoint.operation;
      const parts = parameters.filter((part) => part.in === 'path').map((part) => part.name);
      expect({ name, summary, parts, hasBody: document.bodyFields(endpoint).length > 0 }).toEqual({
        name,
        summary: expect.stringMatching(/./),
        parts: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
        hasBody: method === 'post' && !path.endsWith('/lift'),
      });
    }
  });

  it('describes every answer', async () => {
    const answered = new Set<string>();
    for (const [endpoint, url, body, person] of await requests()) {
      const { status, faults } = await ask(endpoint, url, body, person);
      expect({ endpoint, faults }).toEqual({ endpoint, faults: [] });
      answered.add(`${endpoint} ${status}`);
    }
    // Detaching has a test of its own.
    expect([...answered, 'POST journal/detachments 200'].toSorted()).toEqual(
      described()
        .filter((line) => / 20[02]$/.test(line) && !FOR_SERVICES.test(line))
        .toSorted(),
    );
  });

  it('describes each way in which an endpoint refuses, and no other', async () => {
    const answered = new Set<string>();
    for (const [endpoint, url, body] of await refusals()) {
      const { status, faults } = await ask(endpoint, url, body);
      expect({ endpoint, url, faults }).toEqual({ endpoint, url, faults: [] });
      answered.add(`${endpoint} ${status}`);
    }
    // The token is asked for before the endpoint; what is gone (410) has its own test, of detaching.
    expect([...answered].toSorted()).toEqual(
      described()
        .filter((line) => !/ (20[02]|410|default)$/.test(line) && !FOR_SERVICES.test(line))
        .toSorted(),
    );
  });

  /** What is answered, and in what it differs from what is described. */
  async function ask(endpoint: string, url: string, body?: object, person = 'demo') {
    const [method = '', path = ''] = endpoint.split(' ');
    const answer = await app.ask(
      method === 'GET' ? 'GET' : 'POST',
      url,
      body,
      app.issuer.tokenOf(person),
    );
    const faults = document.faults(`${method} /internal/${path}`, answer);
    return { status: answer.status, faults };
  }

  /** Endpoints, and requests that they serve. */
  async function requests(): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    const hold = place(id, '60');
    const [, captured, booked, big] = await ledger.run(
      hold,
      capture(hold, '50', '1'),
      fund(id, '1', 'mistaken'),
      fund(id, '2000000', 'big'),
    );
    const account = `/internal/accounts/${id}`;
    const [money, then] = [
      { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e' },
      '2999-01-01T00:00:00Z',
    ];
    const sides = { from: 'suspense', to: 'fee-income' };
    const policy = await policyRequests();
    const approvals = [...(await approvalRequests()), ...(await addressRequests())];
    const much = { ...money, amount: '2000000', reference: 'much' };
    await ledger.ageAccounts();
    await haltBook(ledger.database, 'posted-is-sum-of-postings');
    const [signer, next] = [aCustomer(), aCustomer()];
    await addSigner(ledger, id, signer);
    await ledger.run(orderOf(id, undefined));
    await signersOf(ledger).add(
      { accountId: id, keyId: next.keyId, publicKey: next.publicKey },
      ADA,
    );
    const wish = { key_id: next.keyId, public_key: next.publicKey };
    return [
      ...policy,
      ['POST accounts/{account_id}/signers', `${account}/signers`, wish],
      [
        'POST accounts/{account_id}/signers/revoke',
        `${account}/signers/revoke`,
        { public_key: signer.publicKey },
      ],
      ['GET accounts/{account_id}/signers', `${account}/signers`],
      ['GET order-cases', '/internal/order-cases'],
      ['POST accounts', '/internal/accounts', { account_id: id, name: 'demo' }],
      ['POST accounts/{account_id}/fundings', `${account}/fundings`, money],
      [
        'POST accounts/{account_id}/transfers',
        `${account}/transfers`,
        { ...money, ...sides, reference: 'moved' },
      ],
      [
        'POST accounts/{account_id}/entries/{entry_id}/reversal',
        `${account}/entries/${entryOf(booked)}/reversal`,
        { reason: 'a mistake' },
      ],
      ['POST accounts/{account_id}/fundings', `${account}/fundings`, much],
      ['POST accounts/{account_id}/transfers', `${account}/transfers`, { ...much, ...sides }],
      [
        'POST accounts/{account_id}/entries/{entry_id}/reversal',
        `${account}/entries/${entryOf(big)}/reversal`,
        { reason: 'a mistake' },
      ],
      [
        'POST accounts/{account_id}/freezes',
        `${account}/freezes`,
        { freeze_id: 'case 1', reason: 'court order' },
      ],
      ['GET freezes', '/internal/freezes'],
      ['POST accounts/{account_id}/freezes/{freeze_id}/lift', `${account}/freezes/case%201/lift`],
      ['GET accounts/{account_id}/balances', `${account}/balances`],
      ['GET accounts/{account_id}/balances/at/{time}', `${account}/balances/at/${then}`],
      ['GET accounts/{account_id}/statement', `${account}/statement?limit=1`],
      [
        'GET shared-accounts/{account}/balances',
        '/internal/shared-accounts/clearing:gateio/balances',
      ],
      [
        'GET shared-accounts/{account}/balances/at/{time}',
        `/internal/shared-accounts/clearing:gateio/balances/at/${then}`,
      ],
      ['GET holds', '/internal/holds?state=captured'],
      ['GET entries/{entry_id}', `/internal/entries/${entryOf(captured)}`],
      [
        'GET withdrawals/{withdrawal_id}/entries',
        `/internal/withdrawals/${hold.data.withdrawalId}/entries`,
      ],
      ['POST book-halts/resume', '/internal/book-halts/resume', { evidence: 'x' }],
      ['POST book-halts/resume', '/internal/book-halts/resume', { evidence: 'x' }, 'peter'],
      ['GET book-halts', '/internal/book-halts'],
      [
        'POST proof',
        '/internal/proof',
        { heads: [{ shard: 0, sequence: '1', hash: 'ab'.repeat(32), key: 'k', signature: 's' }] },
      ],
      ...approvals,
    ];
  }

  /** Endpoints, and requests that they refuse. */
  async function refusals(): Promise<readonly Asked[]> {
    const [id, nobody] = [await givenAccount(ledger, '100'), randomUUID()];
    const [booked] = await ledger.run(fund(id, '5', 'used'));
    const [account, unknown] = [`/internal/accounts/${id}`, `/internal/accounts/${nobody}`];
    const money = { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e' };
    const sides = { from: 'suspense', to: 'fee-income' };
    const entry = entryOf(booked);
    const [reversed] = await ledger.run(reverse(id, entry));
    const [shared, never] = ['/internal/shared-accounts', 'balances/at/yesterday'];
    return [
      ['POST accounts', '/internal/accounts', { name: 'x' }],
      ['POST accounts', '/internal/accounts', { account_id: id, name: 'other' }],
      ['POST accounts/{account_id}/fundings', `${account}/fundings`, { ...money, amount: 1 }],
      ['POST accounts/{account_id}/fundings', `${unknown}/fundings`, money],
      [
        'POST accounts/{account_id}/fundings',
        `${account}/fundings`,
        { ...money, reference: 'used' },
      ],
      ['POST accounts/{account_id}/fundings', `${account}/fundings`, { ...money, amount: '0' }],
      ['POST accounts/{account_id}/freezes', `${account}/freezes`, {}],
      [
        'POST accounts/{account_id}/freezes',
        `${unknown}/freezes`,
        { freeze_id: 'case 1', reason: 'r' },
      ],
      [
        'POST accounts/{account_id}/freezes/{freeze_id}/lift',
        `/internal/accounts/x/freezes/1/lift`,
      ],
      ['POST accounts/{account_id}/freezes/{freeze_id}/lift', `${account}/freezes/1/lift`],
      ['POST accounts/{account_id}/transfers', `${account}/transfers`, money],
      ['POST accounts/{account_id}/transfers', `${unknown}/transfers`, { ...money, ...sides }],
      [
        'POST accounts/{account_id}/transfers',
        `${account}/transfers`,
        { ...money, ...sides, to: 'funding' },
      ],
      ...(await liftedFreeze()),
      ...(await refusedSigners(account, unknown)),
      ...(await frozenTransfer({ ...money, ...sides })),
      ...(await policyRefusals()),
      ...(await approvalRefusals()),
      ...(await addressRefusals()),
      [
        'POST accounts/{account_id}/entries/{entry_id}/reversal',
        `${account}/entries/${entry}/reversal`,
        {},
      ],
      [
        'POST accounts/{account_id}/entries/{entry_id}/reversal',
        `${account}/entries/${nobody}/reversal`,
        { reason: 'r' },
      ],
      [
        'POST accounts/{account_id}/entries/{entry_id}/reversal',
        `${account}/entries/${entryOf(reversed)}/reversal`,
        { reason: 'r' },
      ],
      ['GET accounts/{account_id}/balances', '/internal/accounts/x/balances'],
      ['GET accounts/{account_id}/balances', `${unknown}/balances`],
      ['GET accounts/{account_id}/balances/at/{time}', `${account}/${never}`],
      [
        'GET accounts/{account_id}/balances/at/{time}',
        `${unknown}/balances/at/2026-11-20T08:00:00Z`,
      ],
      ['GET accounts/{account_id}/statement', `${account}/statement?limit=0`],
      ['GET accounts/{account_id}/statement', `${unknown}/statement`],
      ['GET shared-accounts/{account}/balances', `${shared}/%20/balances`],
      ['GET shared-accounts/{account}/balances', `${shared}/petty-cash/balances`],
      ['GET shared-accounts/{account}/balances/at/{time}', `${shared}/suspense/${never}`],
      [
        'GET shared-accounts/{account}/balances/at/{time}',
        `${shared}/petty-cash/balances/at/2026-11-20T08:00:00Z`,
      ],
      ['GET holds', '/internal/holds?state=lost'],
      ['GET entries/{entry_id}', '/internal/entries/x'],
      ['GET entries/{entry_id}', `/internal/entries/${nobody}`],
      ['GET withdrawals/{withdrawal_id}/entries', '/internal/withdrawals/x/entries'],
      ['POST book-halts/resume', '/internal/book-halts/resume', {}],
      ['POST book-halts/resume', '/internal/book-halts/resume', { evidence: 'x' }],
      ['POST proof', '/internal/proof', { heads: [{}] }],
      ['POST journal/detachments', '/internal/journal/detachments', { before: 'yesterday' }],
      ['POST journal/detachments', '/internal/journal/detachments', { before: '2020-01-01' }],
    ];
  }

  /** A published limit, a hold decided by the limit, and a looser set after it. */
  async function policyRequests(): Promise<readonly Asked[]> {
    const setOf = (max: string) => ({
      groups: { treasury: { people: ['demo'], passkey: false } },
      rules: [
        { kind: 'limit', name: 'most', max, unit: 'payments', window: 'lifetime' },
        { ...BIG, groups: [{ group: 'treasury', need: 1 }] },
      ],
    });
    const [present, looser] = [setOf('100000'), setOf('100001')];
    for (const person of ['ada', 'peter'])
      await app.ask(
        'POST',
        '/internal/policy',
        { after_version: 0, policy: present },
        app.issuer.tokenOf(person),
      );
    const hold = place(await givenAccount(ledger, '5'), '1');
    await ledger.run(hold);
    const next = { after_version: 1, policy: looser };
    const price = { asset: 'USDT.ETH', eur: '0.9' };
    const preview = {
      account_id: hold.data.accountId,
      key_id: 'key-1',
      asset: 'USDT.ETH',
      amount: '1',
      destination: { type: 'address', address: 'a' },
      venue: 'gateio',
    };
    const denied = { rules: [{ kind: 'deny', name: 'all' }] };
    return [
      ['GET policy', '/internal/policy'],
      ['POST policy/differences', '/internal/policy/differences', { policy: looser }],
      ['POST policy/dry-run', '/internal/policy/dry-run', { policy: denied, last: 100 }],
      ['POST policy/preview', '/internal/policy/preview', preview],
      [
        'GET policy/decisions/{withdrawal_id}',
        `/internal/policy/decisions/${hold.data.withdrawalId}`,
      ],
      ['POST policy', '/internal/policy', next],
      ['POST policy', '/internal/policy', next, 'peter'],
      ['POST policy/prices', '/internal/policy/prices', price],
      ['POST policy/prices', '/internal/policy/prices', price, 'peter'],
      ['GET policy/prices', '/internal/policy/prices'],
    ];
  }

  /** A payment that waits, and a new passkey. */
  async function approvalRequests(): Promise<readonly Asked[]> {
    const { id, digest } = await givenWaiting();
    const passkey = softwarePasskey();
    const { body } = await app.ask('GET', '/internal/passkeys/options');
    const registration = passkey.register(body.data.options.challenge);
    await ledger.database.query(
      `INSERT INTO passkey (credential_id, person, public_key, added_at, usable_at, approved_by, seal)
       VALUES ('known', 'ada', 'x', now(), now(), 'peter', 'x') ON CONFLICT DO NOTHING`,
    );
    const path = `/internal/payment-approvals/${id}`;
    return [
      [VOTES, `${path}/votes`, { decision: 'refuse', digest }],
      ['GET payment-approvals', '/internal/payment-approvals?state=all'],
      ['GET payment-approvals/{withdrawal_id}', path],
      ['GET passkeys', '/internal/passkeys'],
      ['GET passkeys/options', '/internal/passkeys/options'],
      ['POST passkeys', '/internal/passkeys', { registration }],
      ['POST passkeys/revoke', '/internal/passkeys/revoke', { credential_id: 'known' }],
    ];
  }

  async function approvalRefusals(): Promise<readonly Asked[]> {
    const { id } = await givenWaiting();
    const { body } = await app.ask('GET', '/internal/passkeys/options');
    const registration = softwarePasskey().register(body.data.options.challenge);
    await app.ask('POST', '/internal/passkeys', { registration });
    const [path, vote] = ['/internal/payment-approvals', { decision: 'approve' }];
    const digest = '0'.repeat(64);
    return [
      ['GET payment-approvals', `${path}?state=x`],
      ['GET payment-approvals/{withdrawal_id}', `${path}/x`],
      ['GET payment-approvals/{withdrawal_id}', `${path}/${randomUUID()}`],
      [VOTES, `${path}/${randomUUID()}/votes`, { ...vote, digest }],
      [VOTES, `${path}/${id}/votes`, { ...vote, digest }],
      [VOTES, `${path}/${id}/votes`, vote],
      ['POST passkeys', '/internal/passkeys', { registration }],
      ['POST passkeys', '/internal/passkeys', { registration: {} }],
      ['POST passkeys/revoke', '/internal/passkeys/revoke', { credential_id: 'none' }],
      ['POST passkeys/revoke', '/internal/passkeys/revoke', {}],
    ];
  }

  const ENTRY = {
    network: 'ETH',
    destination: { type: 'address', address: '0x52908400098527886e0f7030069857d2e4169ee7' },
    label: 'office',
  };
  const TERMS = { only_book: true, confirmation: 'person', waits_hours: 24 };
  const ADDRESSES = 'accounts/{account_id}/addresses';
  const BOOK = 'accounts/{account_id}/address-book';
  const ONE_ADDRESS = `${ADDRESSES}/{entry_id}`;

  /** An entry that another person confirms and removes. */
  async function addressRequests(): Promise<readonly Asked[]> {
    const path = `/internal/accounts/${await givenAccount(ledger, '1')}`;
    await app.ask('POST', `${path}/address-book`, TERMS);
    const { body } = await app.ask('POST', `${path}/addresses`, ENTRY);
    const entry = `${path}/addresses/${body.data.id}`;
    return [
      [`POST ${BOOK}`, `${path}/address-book`, TERMS],
      [`GET ${BOOK}`, `${path}/address-book`],
      [`POST ${ADDRESSES}`, `${path}/addresses`, ENTRY],
      [`GET ${ADDRESSES}`, `${path}/addresses`],
      [`POST ${ONE_ADDRESS}/confirm`, `${entry}/confirm`, {}, 'peter'],
      [`POST ${ONE_ADDRESS}/remove`, `${entry}/remove`, {}],
    ];
  }

  async function addressRefusals(): Promise<readonly Asked[]> {
    const account = await givenAccount(ledger, '1');
    await ledger.database.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       SELECT gen_random_uuid(), $1, 'ETH', n::text, '{}', 'x', 'key:x', now(), 1, 'none', 'x' FROM generate_series(1, 10000) AS n`,
      [account],
    );
    const unknown = `/internal/accounts/${randomUUID()}`;
    const path = `/internal/accounts/${await givenAccount(ledger, '1')}`;
    const { body } = await app.ask('POST', `${path}/addresses`, ENTRY);
    const [entry, missing] = [body.data.id, randomUUID()].map((id) => `${path}/addresses/${id}`);
    const withKey = { key_id: 'key-1' };
    return [
      [`GET ${ADDRESSES}`, '/internal/accounts/x/addresses'],
      [`POST ${ADDRESSES}`, `${unknown}/addresses`, ENTRY],
      [`POST ${ADDRESSES}`, `/internal/accounts/${account}/addresses`, ENTRY],
      [`POST ${ADDRESSES}`, `${path}/addresses`, { ...ENTRY, ...withKey }],
      [`POST ${ONE_ADDRESS}/confirm`, `${missing}/confirm`, {}],
      [`POST ${ONE_ADDRESS}/confirm`, `${entry}/confirm`, {}],
      [`POST ${ONE_ADDRESS}/confirm`, `${entry}/confirm`, withKey],
      [`POST ${ONE_ADDRESS}/remove`, `${missing}/remove`, {}],
      [`POST ${ONE_ADDRESS}/remove`, `${entry}/remove`, withKey],
      [`GET ${BOOK}`, `${unknown}/address-book`],
      [`GET ${BOOK}`, '/internal/accounts/x/address-book'],
      [`POST ${BOOK}`, `${unknown}/address-book`, TERMS],
      [`POST ${BOOK}`, `${path}/address-book`, { ...TERMS, ...withKey }],
    ];
  }

  async function givenWaiting(): Promise<{ readonly id: string; readonly digest: string }> {
    const { type, data } = place(await givenAccount(ledger, '5000'), '2001');
    const destination = { type: 'address', address: 'a' } as const;
    const of = { payout: '2000', fee: '1', digest: 'a1'.repeat(32), venue: 'gateio', destination };
    await ledger.run({ type, data: { ...data, ...of } });
    const id = data.withdrawalId;
    const { body } = await app.ask('GET', `/internal/payment-approvals/${id}`);
    return { id, digest: body.data?.digest };
  }

  async function policyRefusals(): Promise<readonly Asked[]> {
    const price = { asset: 'BTC.BTC', eur: '90000' };
    await app.ask('POST', '/internal/policy/prices', price, app.issuer.tokenOf('demo'));
    const decisions = '/internal/policy/decisions';
    const policy = { rules: [{ kind: 'allow', name: 'a' }] };
    return [
      ['GET policy/decisions/{withdrawal_id}', `${decisions}/x`],
      ['GET policy/decisions/{withdrawal_id}', `${decisions}/${randomUUID()}`],
      ['POST policy', '/internal/policy', { after_version: 9, policy: {} }],
      ['POST policy', '/internal/policy', { after_version: 0, policy }],
      ['POST policy/differences', '/internal/policy/differences', { policy }],
      ['POST policy/dry-run', '/internal/policy/dry-run', { policy, last: 1 }],
      ['POST policy/preview', '/internal/policy/preview', {}],
      ['POST policy/prices', '/internal/policy/prices', price],
      ['POST policy/prices', '/internal/policy/prices', { asset: 'BTC.BTC', eur: '0' }],
    ];
  }

  async function refusedSigners(account: string, unknown: string): Promise<readonly Asked[]> {
    const [{ keyId: key_id, publicKey: public_key }, id] = [
      aCustomer(),
      await givenAccount(ledger, '1'),
    ];
    await addSigner(ledger, id, { keyId: key_id, publicKey: public_key });
    const add = 'POST accounts/{account_id}/signers';
    return [
      ['GET accounts/{account_id}/signers', '/internal/accounts/x/signers'],
      [add, `${account}/signers`, { key_id, public_key: 'x' }],
      [add, `${account}/signers`, { key_id, public_key }],
      [add, `${unknown}/signers`, { key_id, public_key }],
      [`${add}/revoke`, `${account}/signers/revoke`, {}],
      [`${add}/revoke`, `${account}/signers/revoke`, { public_key }],
    ];
  }

  async function liftedFreeze(): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    await ledger.run(freeze(id));
    await ledger.run(unfreeze(id));
    const again = { freeze_id: 'case 1', reason: 'r' };
    return [['POST accounts/{account_id}/freezes', `/internal/accounts/${id}/freezes`, again]];
  }

  async function frozenTransfer(body: object): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    await ledger.run(freeze(id));
    return [
      [
        'POST accounts/{account_id}/transfers',
        `/internal/accounts/${id}/transfers`,
        { ...body, from: `customer:${id}` },
      ],
    ];
  }
});

type Asked = readonly [endpoint: string, url: string, body?: object, person?: string];
