import { randomUUID } from 'node:crypto';
import { testSeals } from '@sluice/service-shell/testing';
import { softwarePasskey } from '@sluice/test-kit';
import { sealPasskey } from './passkeys/passkeys.js';
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
import { anOrderedHold } from './testkit/ordered-hold.js';
import { aCustomer, ADA, addSigner, orderOf, signersOf } from './testkit/signed-order.js';
import { haltBook } from './book-halt/book-halt.js';
import { givenLedgerApp } from './testkit/given-ledger-app.js';

/** What every service has. */
const PLATFORM = /^\/internal\/(approvals|audit|dead-letters|inbox|invariants|self-check|whoami)/;

/** Routes that refuse every person; tools/e2e asks them as intake-api. */
const FOR_SERVICES = /^POST holds\/(again|comparison|found) /;

const BIG = {
  kind: 'approval',
  name: 'big',
  assets: ['USDT.ETH'],
  above: '1000',
  unit: 'asset',
};

describe('the OpenAPI document of the admin API', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let document: LedgerApiDocument;
  beforeAll(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
    document = new LedgerApiDocument((await app.ask('GET', '/internal/openapi.json')).body);
  });
  afterAll(async () => {
    await app.close();
    await ledger.close();
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
    for (const [request, body, person] of await requests()) {
      const { endpoint, status, faults } = await ask(request, body, person);
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
    for (const [request, body] of await refusals()) {
      const { endpoint, status, faults } = await ask(request, body);
      expect({ endpoint, request, faults }).toEqual({ endpoint, request, faults: [] });
      answered.add(`${endpoint} ${status}`);
    }
    // The token is asked for before the endpoint; what is gone (410) has its own test, of detaching.
    expect([...answered].toSorted()).toEqual(
      described()
        .filter((line) => !/ (20[02]|410|default)$/.test(line) && !FOR_SERVICES.test(line))
        .toSorted(),
    );
  });

  /** Answers the endpoint of the request, and in what its answer differs from what is described. */
  async function ask(request: string, body?: object, person = 'demo') {
    const [method = '', url = ''] = request.split(' ');
    const [path = ''] = url.split('?');
    const name = document.nameOf(method, `/internal/${path}`);
    const token = app.issuer.tokenOf(person);
    const answer = await app.ask(
      method === 'GET' ? 'GET' : 'POST',
      `/internal/${url}`,
      body,
      token,
    );
    const endpoint = name.replace('/internal/', '');
    return { endpoint, status: answer.status, faults: document.faults(name, answer) };
  }

  /** Requests that each endpoint serves. */
  async function requests(): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    const hold = place(id, '60');
    const [, captured, booked, big] = await ledger.run(
      hold,
      capture(hold, '50', '1'),
      fund(id, '1', 'mistaken'),
      fund(id, '2000000', 'big'),
    );
    const ordered = anOrderedHold(id);
    await ledger.run(ordered);
    const account = `accounts/${id}`;
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
      [`POST ${account}/signers`, wish],
      [`POST ${account}/signers/revoke`, { public_key: signer.publicKey }],
      [`GET ${account}/signers`],
      ['GET order-cases'],
      ['POST accounts', { account_id: id, name: 'demo' }],
      [`POST ${account}/fundings`, money],
      [`POST ${account}/transfers`, { ...money, ...sides, reference: 'moved' }],
      [`POST ${account}/entries/${entryOf(booked)}/reversal`, { reason: 'a mistake' }],
      [`POST ${account}/fundings`, much],
      [`POST ${account}/transfers`, { ...much, ...sides }],
      [`POST ${account}/entries/${entryOf(big)}/reversal`, { reason: 'a mistake' }],
      [`POST ${account}/freezes`, { freeze_id: 'case 1', reason: 'court order' }],
      ['GET freezes'],
      [`POST ${account}/freezes/case%201/lift`],
      [`GET ${account}/balances`],
      [`GET ${account}/balances/at/${then}`],
      [`GET ${account}/statement?limit=1`],
      ['GET shared-accounts'],
      ['GET shared-accounts/clearing:gateio/balances'],
      [`GET shared-accounts/clearing:gateio/balances/at/${then}`],
      ['GET holds?state=captured'],
      [`GET holds/${ordered.data.withdrawalId}/outcomes`],
      [`GET entries/${entryOf(captured)}`],
      [`GET withdrawals/${hold.data.withdrawalId}/entries`],
      ['POST book-halts/resume', { evidence: 'x' }],
      ['POST book-halts/resume', { evidence: 'x' }, 'peter'],
      ['GET book-halts'],
      [
        'POST proof',
        { heads: [{ shard: 0, sequence: '1', hash: 'ab'.repeat(32), key: 'k', signature: 's' }] },
      ],
      ...approvals,
    ];
  }

  /** Requests that each endpoint refuses. */
  async function refusals(): Promise<readonly Asked[]> {
    const [id, nobody] = [await givenAccount(ledger, '100'), randomUUID()];
    const [booked] = await ledger.run(fund(id, '5', 'used'));
    const [account, unknown] = [`accounts/${id}`, `accounts/${nobody}`];
    const money = { asset: 'USDT.ETH', amount: '1', reference: 'r', evidence: 'e' };
    const sides = { from: 'suspense', to: 'fee-income' };
    const entry = entryOf(booked);
    const [reversed] = await ledger.run(reverse(id, entry));
    const [shared, never] = ['shared-accounts', 'balances/at/yesterday'];
    return [
      ['POST accounts', { name: 'x' }],
      ['POST accounts', { account_id: id, name: 'other' }],
      [`POST ${account}/fundings`, { ...money, amount: 1 }],
      [`POST ${unknown}/fundings`, money],
      [`POST ${account}/fundings`, { ...money, reference: 'used' }],
      [`POST ${account}/fundings`, { ...money, amount: '0' }],
      [`POST ${account}/freezes`, {}],
      [`POST ${unknown}/freezes`, { freeze_id: 'case 1', reason: 'r' }],
      ['POST accounts/x/freezes/1/lift'],
      [`POST ${account}/freezes/1/lift`],
      [`POST ${account}/transfers`, money],
      [`POST ${unknown}/transfers`, { ...money, ...sides }],
      [`POST ${account}/transfers`, { ...money, ...sides, to: 'funding' }],
      ...(await liftedFreeze()),
      ...(await refusedSigners(account, unknown)),
      ...(await frozenTransfer({ ...money, ...sides })),
      ...(await policyRefusals()),
      ...(await approvalRefusals()),
      ...(await addressRefusals()),
      [`POST ${account}/entries/${entry}/reversal`, {}],
      [`POST ${account}/entries/${nobody}/reversal`, { reason: 'r' }],
      [`POST ${account}/entries/${entryOf(reversed)}/reversal`, { reason: 'r' }],
      ['GET accounts/x/balances'],
      [`GET ${unknown}/balances`],
      [`GET ${account}/${never}`],
      [`GET ${unknown}/balances/at/2026-11-20T08:00:00Z`],
      [`GET ${account}/statement?limit=0`],
      [`GET ${unknown}/statement`],
      [`GET ${shared}/%20/balances`],
      [`GET ${shared}/petty-cash/balances`],
      [`GET ${shared}/suspense/${never}`],
      [`GET ${shared}/petty-cash/balances/at/2026-11-20T08:00:00Z`],
      ['GET holds?state=lost'],
      ['GET holds/x/outcomes'],
      [`GET holds/${nobody}/outcomes`],
      ['GET entries/x'],
      [`GET entries/${nobody}`],
      ['GET withdrawals/x/entries'],
      ['POST book-halts/resume', {}],
      ['POST book-halts/resume', { evidence: 'x' }],
      ['POST proof', { heads: [{}] }],
      ['POST journal/detachments', { before: 'yesterday' }],
      ['POST journal/detachments', { before: '2020-01-01' }],
    ];
  }

  /** A published limit, a hold decided by the limit, and a looser set after it. */
  async function policyRequests(): Promise<readonly Asked[]> {
    const setOf = (max: string) => ({
      groups: { treasury: { people: ['demo'], passkey: false } },
      rules: [
        {
          kind: 'limit',
          name: 'most',
          per: ['account'],
          max,
          unit: 'payments',
          window: 'lifetime',
        },
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
      ['GET policy'],
      ['GET policy/use'],
      ['POST policy/differences', { policy: looser }],
      ['POST policy/dry-run', { policy: denied, last: 100 }],
      ['POST policy/preview', preview],
      [`GET policy/decisions/${hold.data.withdrawalId}`],
      ['POST policy', next],
      ['POST policy', next, 'peter'],
      ['POST policy/prices', price],
      ['POST policy/prices', price, 'peter'],
      ['GET policy/prices'],
    ];
  }

  /** A payment that waits, and a new passkey. */
  async function approvalRequests(): Promise<readonly Asked[]> {
    const { id, digest } = await givenWaiting();
    const passkey = softwarePasskey();
    const { body } = await app.ask('GET', '/internal/passkeys/options');
    const registration = passkey.register(body.data.options.challenge);
    const at = new Date();
    const known = {
      credential_id: 'known',
      person: 'demo',
      public_key: 'x',
      added_at: at,
      usable_at: at,
      approved_by: 'peter',
    };
    await ledger.database.query(
      `INSERT INTO passkey SELECT * FROM json_populate_record(NULL::passkey, $1::json) ON CONFLICT DO NOTHING`,
      [JSON.stringify({ ...known, uses: 0, seal: sealPasskey(testSeals('ledger'), known) })],
    );
    const path = `payment-approvals/${id}`;
    return [
      [`POST ${path}/votes`, { decision: 'refuse', digest }],
      ['GET payment-approvals?state=all'],
      [`GET ${path}`],
      ['GET passkeys'],
      ['GET passkeys/options'],
      ['GET passkeys/vouchers/webhooks'],
      ['POST passkeys', { registration }],
      ['POST passkeys/revoke', { credential_id: 'known' }],
    ];
  }

  async function approvalRefusals(): Promise<readonly Asked[]> {
    const { id } = await givenWaiting();
    const { body } = await app.ask('GET', '/internal/passkeys/options');
    const registration = softwarePasskey().register(body.data.options.challenge);
    await app.ask('POST', '/internal/passkeys', { registration });
    const [path, vote] = ['payment-approvals', { decision: 'approve' }];
    const digest = '0'.repeat(64);
    return [
      [`GET ${path}?state=x`],
      [`GET ${path}/x`],
      [`GET ${path}/${randomUUID()}`],
      [`POST ${path}/${randomUUID()}/votes`, { ...vote, digest }],
      [`POST ${path}/${id}/votes`, { ...vote, digest }],
      [`POST ${path}/${id}/votes`, vote],
      ['GET passkeys/vouchers/nothing'],
      ['GET passkeys/vouchers/No'],
      ['POST passkeys', { registration }],
      ['POST passkeys', { registration: {} }],
      ['POST passkeys/revoke', { credential_id: 'none' }],
      ['POST passkeys/revoke', {}],
    ];
  }

  const ENTRY = {
    network: 'ETH',
    destination: { type: 'address', address: '0x52908400098527886e0f7030069857d2e4169ee7' },
    label: 'office',
  };
  const TERMS = { only_book: true, confirmation: 'person', waits_hours: 24 };

  /** An entry that another person confirms and removes. */
  async function addressRequests(): Promise<readonly Asked[]> {
    const path = `accounts/${await givenAccount(ledger, '1')}`;
    await app.ask('POST', `/internal/${path}/address-book`, TERMS);
    const { body } = await app.ask('POST', `/internal/${path}/addresses`, ENTRY);
    const entry = `${path}/addresses/${body.data.id}`;
    return [
      [`POST ${path}/address-book`, TERMS],
      [`GET ${path}/address-book`],
      [`POST ${path}/addresses`, ENTRY],
      [`GET ${path}/addresses`],
      [`POST ${entry}/confirm`, {}, 'peter'],
      [`POST ${entry}/remove`, {}],
    ];
  }

  async function addressRefusals(): Promise<readonly Asked[]> {
    const account = await givenAccount(ledger, '1');
    await ledger.database.query(
      `INSERT INTO address_entry (id, account_id, network, recipient, destination, label, author, added_at, waits_hours, confirmation, seal)
       SELECT gen_random_uuid(), $1, 'ETH', n::text, '{}', 'x', 'key:x', now(), 1, 'none', 'x' FROM generate_series(1, 10000) AS n`,
      [account],
    );
    const unknown = `accounts/${randomUUID()}`;
    const path = `accounts/${await givenAccount(ledger, '1')}`;
    const { body } = await app.ask('POST', `/internal/${path}/addresses`, ENTRY);
    const [entry, missing] = [body.data.id, randomUUID()].map((id) => `${path}/addresses/${id}`);
    const withKey = { key_id: 'key-1' };
    return [
      ['GET accounts/x/addresses'],
      [`POST ${unknown}/addresses`, ENTRY],
      [`POST accounts/${account}/addresses`, ENTRY],
      [`POST ${path}/addresses`, { ...ENTRY, ...withKey }],
      [`POST ${missing}/confirm`, {}],
      [`POST ${entry}/confirm`, {}],
      [`POST ${entry}/confirm`, withKey],
      [`POST ${missing}/remove`, {}],
      [`POST ${entry}/remove`, withKey],
      [`GET ${unknown}/address-book`],
      ['GET accounts/x/address-book'],
      [`POST ${unknown}/address-book`, TERMS],
      [`POST ${path}/address-book`, { ...TERMS, ...withKey }],
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
    const decisions = 'policy/decisions';
    const policy = { rules: [{ kind: 'allow', name: 'a' }] };
    return [
      ['GET policy/use?rule=no-such-rule'],
      ['GET policy/use?rule=No+such+rule'],
      [`GET ${decisions}/x`],
      [`GET ${decisions}/${randomUUID()}`],
      ['POST policy', { after_version: 9, policy: {} }],
      ['POST policy', { after_version: 0, policy }],
      ['POST policy/differences', { policy }],
      ['POST policy/dry-run', { policy, last: 1 }],
      ['POST policy/preview', {}],
      ['POST policy/prices', price],
      ['POST policy/prices', { asset: 'BTC.BTC', eur: '0' }],
    ];
  }

  async function refusedSigners(account: string, unknown: string): Promise<readonly Asked[]> {
    const [{ keyId: key_id, publicKey: public_key }, id] = [
      aCustomer(),
      await givenAccount(ledger, '1'),
    ];
    await addSigner(ledger, id, { keyId: key_id, publicKey: public_key });
    return [
      ['GET accounts/x/signers'],
      [`POST ${account}/signers`, { key_id, public_key: 'x' }],
      [`POST ${account}/signers`, { key_id, public_key }],
      [`POST ${unknown}/signers`, { key_id, public_key }],
      [`POST ${account}/signers/revoke`, {}],
      [`POST ${account}/signers/revoke`, { public_key }],
    ];
  }

  async function liftedFreeze(): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    await ledger.run(freeze(id));
    await ledger.run(unfreeze(id));
    const again = { freeze_id: 'case 1', reason: 'r' };
    return [[`POST accounts/${id}/freezes`, again]];
  }

  async function frozenTransfer(body: object): Promise<readonly Asked[]> {
    const id = await givenAccount(ledger, '100');
    await ledger.run(freeze(id));
    return [[`POST accounts/${id}/transfers`, { ...body, from: `customer:${id}` }]];
  }
});

/** Method and path below `/internal`. */
type Asked = readonly [request: string, body?: object, person?: string];
