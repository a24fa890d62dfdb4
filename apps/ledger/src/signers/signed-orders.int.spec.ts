import type { SignedRequest } from '@sluice/messages';
import { checkInvariants } from '../postgres/check-invariants.js';
import {
  commandOf,
  givenAccount,
  givenLedger,
  place,
  release,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';
import {
  aCustomer,
  ADA,
  addSigner,
  bodyOf,
  orderOf,
  signersOf,
  type TestCustomer,
} from '../testkit/signed-order.js';
import { SECRETS } from '../testkit/test-authority.js';
import { loadSignedOrders } from './signed-orders.js';

const THIEF = '0x1111111111111111111111111111111111111111';
const DAY_SECONDS = 86_400;

describe('an account with signers', () => {
  let ledger: TestLedger;
  let accountId: string;
  let customer: TestCustomer;
  beforeAll(async () => void (ledger = await givenLedger()));
  beforeEach(async () => {
    accountId = await givenAccount(ledger, '1000');
    customer = aCustomer();
    await addSigner(ledger, accountId, customer);
  });
  afterAll(() => ledger.close());

  const outcomeOf = async (...bodies: CommandBody[]): Promise<readonly string[]> =>
    (await ledger.run(...bodies)).map(({ refusal, event }) => refusal?.kind ?? event.type);
  const caseOf = async ({ data }: { data: { withdrawalId: string } }) =>
    (
      await ledger.database.query<{ detail: string }>(
        'SELECT detail FROM order_case WHERE withdrawal_id = $1',
        [data.withdrawalId],
      )
    )[0]?.detail;
  const PLACED = 'ledger.hold-placed.v1';
  const signed = (change: object = {}, secondsAgo = 0): SignedRequest =>
    customer.sign(bodyOf(change), secondsAgo);

  it('gets a hold for what its customer signed, and the same for the same command again', async () => {
    const order = orderOf(accountId, signed());

    expect(await outcomeOf(order, order)).toEqual([PLACED, PLACED]);
    expect(await outcomeOf(order)).toEqual([PLACED]);
    expect(await caseOf(order)).toBeUndefined();
  });

  it('is answered a refusal as any hold is, and nobody has to look', async () => {
    const order = orderOf(accountId, signed({ amount: '5000' }), { payout: '5000' });

    expect(await outcomeOf(order)).toEqual(['insufficient_funds']);
    expect(await caseOf(order)).toBeUndefined();
  });

  it.each<[string, () => SignedRequest | undefined, object, string]>([
    ['nothing signed', () => undefined, {}, 'it carries no signed request'],
    [
      'another recipient',
      () => signed(),
      { address: THIEF },
      'what was signed has another recipient',
    ],
    ['another memo', () => signed(), { memo: '7' }, 'what was signed has another recipient'],
    ['another amount', () => signed(), { payout: '11' }, 'what was signed has another amount'],
    [
      'another venue than the one that is named',
      () => signed({ venue: 'bybit' }),
      {},
      'what was signed has another venue',
    ],
    [
      'another currency',
      () => signed({ currency: 'USDC' }),
      {},
      'what was signed has another asset',
    ],
    [
      'a body that asks for nothing',
      () => customer.sign('[]'),
      {},
      'contains no withdrawal request',
    ],
    [
      'a field twice in its body',
      () => customer.sign(`{"amount":"1",${JSON.stringify(bodyOf()).slice(1)}`),
      {},
      'contains no withdrawal request',
    ],
    ['no reference', () => signed({ client_reference: null }), {}, 'has no client_reference'],
    ['an old signature', () => signed({}, DAY_SECONDS + 60), {}, 'it was signed'],
    ['a signature of tomorrow', () => signed({}, -400), {}, 's from now'],
    [
      'the signature of another key',
      () => ({ ...aCustomer(customer.keyId).sign(bodyOf()) }),
      {},
      'the signature is of no signer',
    ],
    ['another key id', () => ({ ...signed(), keyId: 'ck_2' }), {}, 'no signer of its account'],
    [
      'another body than the one that was signed',
      () => ({ ...signed(), body: JSON.stringify(bodyOf({ to_address: THIEF })) }),
      { address: THIEF },
      'the signature is of no signer',
    ],
  ])('gets none for an order with %s, and a case says so', async (_what, request, change, why) => {
    const order = orderOf(accountId, request(), change);

    expect(await outcomeOf(order)).toEqual(['order_not_signed']);
    expect(await caseOf(order)).toContain(why);
    expect(await outcomeOf(order)).toEqual(['order_not_signed']);
  });

  it('gets none that names no recipient at all', async () => {
    const bare = place(accountId, '11');
    const withRequest = { ...bare, data: { ...bare.data, signedRequest: signed() } };

    expect(await outcomeOf(withRequest)).toEqual(['order_not_signed']);
  });

  it.each<[string, (body: Record<string, unknown>) => SignedRequest]>([
    ['the same request', (body) => customer.sign(body)],
    ['a retry of it, signed anew', (body) => customer.sign(body, 5)],
  ])('gets one hold in all for %s', async (_what, again) => {
    const body = bodyOf();
    const first = orderOf(accountId, customer.sign(body));
    const [second, third] = [orderOf(accountId, again(body)), orderOf(accountId, again(body))];

    expect(await outcomeOf(first, second)).toEqual([PLACED, 'order_not_signed']);
    expect(await outcomeOf(third)).toEqual(['order_not_signed']);
    expect(await caseOf(second)).toContain(`for ${first.data.withdrawalId}`);
    await ledger.run(release(first));
    expect(await outcomeOf(orderOf(accountId, again(body)))).toEqual(['order_not_signed']);
  });

  it('may use a reference again whose hold was refused, but not the very request', async () => {
    const body = bodyOf({ amount: '5000' });
    const request = customer.sign(body, 9);
    await ledger.run(orderOf(accountId, request, { payout: '5000' }));
    await ledger.run({
      type: 'ledger.fund-account.v1',
      data: { accountId, asset: 'USDT.ETH', amount: '9000', reference: 'more' },
    });

    const order = (signedRequest: SignedRequest) =>
      orderOf(accountId, signedRequest, { payout: '5000' });
    expect(await outcomeOf(order(request))).toEqual(['order_not_signed']);
    expect(await outcomeOf(order(customer.sign(body)))).toEqual([PLACED]);
  });

  it('gets one hold when two instances are asked at once', async () => {
    const request = signed();
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => outcomeOf(orderOf(accountId, request))),
    );

    expect(outcomes.flat().sort()).toEqual([PLACED, ...Array(3).fill('order_not_signed')].sort());
  });

  it('takes nothing that the customer of another account signed', async () => {
    const [other, stranger] = [await givenAccount(ledger, '1000'), aCustomer(customer.keyId)];
    await addSigner(ledger, other, stranger);

    expect(await outcomeOf(orderOf(accountId, stranger.sign(bodyOf())))).toEqual([
      'order_not_signed',
    ]);
    expect(await outcomeOf(orderOf(other, stranger.sign(bodyOf())))).toEqual([PLACED]);
  });

  it('goes on under a second key, and with no key takes nothing any more', async () => {
    const next = aCustomer(customer.keyId);
    await addSigner(ledger, accountId, next);
    for (const one of [customer, next])
      expect(await outcomeOf(orderOf(accountId, one.sign(bodyOf())))).toEqual([PLACED]);

    await signersOf(ledger).revoke(accountId, customer.publicKey, ADA);
    expect(await outcomeOf(orderOf(accountId, signed()))).toEqual(['order_not_signed']);
    expect(await outcomeOf(orderOf(accountId, next.sign(bodyOf())))).toEqual([PLACED]);

    await signersOf(ledger).revoke(accountId, next.publicKey, ADA);
    expect(await outcomeOf(orderOf(accountId, next.sign(bodyOf())))).toEqual(['order_not_signed']);
    expect(await outcomeOf(orderOf(accountId, undefined))).toEqual(['order_not_signed']);
  });

  it('leaves accounts without signers as they are, signed or not', async () => {
    const other = await givenAccount(ledger, '1000');

    expect(
      await outcomeOf(orderOf(other, undefined), orderOf(other, signed()), place(other, '1')),
    ).toEqual([PLACED, PLACED, PLACED]);
  });

  it('has its signed requests and signers, and each proof, passed on for the auditor', async () => {
    const other = await givenAccount(ledger, '1000');
    const [request, requestProof] = [signed(), `test.${'A'.repeat(43)}`];
    const unsigned = orderOf(other, request);
    const [own, strange] = await ledger.run(orderOf(accountId, request), {
      ...unsigned,
      data: { ...unsigned.data, requestProof },
    });

    expect(own?.event.data).toMatchObject({
      signedRequest: request,
      signers: [customer.publicKey],
    });
    expect(strange?.event.data).toMatchObject({ requestProof });
    expect(strange?.event.data).not.toHaveProperty('signedRequest');
  });

  it('has its holds signed, which is looked at with the other invariants', async () => {
    await ledger.run(orderOf(accountId, signed()));

    const report = await checkInvariants((sql, params) => ledger.database.query(sql, params));
    expect(report.violations).toEqual([]);
    expect(report.populations['signed_orders']).toBeGreaterThan(0);
  });

  it('asks the database once for a batch, however many orders it has, and never for one without holds', async () => {
    const orders = Array.from({ length: 40 }, () => commandOf(orderOf(accountId, signed())));
    const asked: string[] = [];
    const query = async <R>(sql: string): Promise<R[]> => {
      asked.push(sql);
      return [];
    };

    const none = Promise.resolve([]);
    await loadSignedOrders({ query }, orders, SECRETS.keys, none);
    expect(asked).toHaveLength(1);
    const released = [commandOf(release(orderOf(accountId, undefined)))];
    await loadSignedOrders({ query }, released, SECRETS.keys, none);
    expect(asked).toHaveLength(1);
    const decisions = await ledger.applyCommands.apply(orders);
    expect(decisions.map(({ refusal }) => refusal)).toEqual(Array(40).fill(null));
  });
});
