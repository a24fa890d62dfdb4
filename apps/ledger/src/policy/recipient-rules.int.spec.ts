import { orderDigest, recipientDigest } from '@sluice/messages';
import { capture, givenAccount, place, USDT, type TestLedger } from '../testkit/given-ledger.js';
import { givenUsableEntry, PolicyLedger } from '../testkit/policy-ledger.js';

const ADDRESS = '0x52908400098527886e0f7030069857d2e4169ee7';
/** The same first and last four characters as `ADDRESS`. */
const SIMILAR = '0x5290aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9ee7';
const OTHER = '0x8617e340b3d01fa5f11f306f4090fd50e238070d';

describe('rules about recipients', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));

  const ask = (...request: Parameters<PolicyLedger['ask']>) => given.ask(...request);
  const GROUPS = { treasury: { people: ['ada', 'ben'], passkey: false } };
  const publish = (...rules: readonly object[]) => given.publish({ groups: GROUPS, rules });
  const recipient = (when: string, more: object = {}) => ({
    kind: 'recipient',
    name: when.replaceAll('_', '-'),
    when,
    ...more,
  });
  const asking = (when: string) => recipient(when, { groups: [{ group: 'treasury', need: 1 }] });
  const order = (
    address: string,
    { memo, account = accountId }: { memo?: string; account?: string } = {},
  ) => {
    const { type, data } = place(account, '11');
    const destination = { type: 'address' as const, address, ...(memo !== undefined && { memo }) };
    const recipientOf = recipientDigest(destination);
    const { withdrawalId } = data;
    const terms = { withdrawalId, accountId: account, asset: USDT, amount: '10', fee: '1' };
    const digest = orderDigest({ ...terms, recipientDigest: recipientOf });
    const named = { payout: '10', fee: '1', recipientDigest: recipientOf, digest, destination };
    return { type, data: { ...data, ...named, venue: 'gateio', keyId: 'key-1', number: '17' } };
  };
  type Order = ReturnType<typeof order>;
  const answersOf = async (...orders: readonly Order[]) =>
    (await ledger.run(...orders)).map(({ event }) => {
      const { rule = '' } = event.data as { rule?: string };
      return `${event.type.split('.')[1]} ${rule}`.trim();
    });
  const pay = async (one: Order) => {
    await ledger.run(one);
    const [paid] = await ledger.run(capture(one, '10', '1', 'gateio'));
    expect(paid?.event.type).toBe('ledger.hold-captured.v1');
  };
  const vote = async (one: Order, name = 'ben') => {
    const path = `payment-approvals/${one.data.withdrawalId}`;
    const { digest } = (await ask('GET', path)).body.data as { digest: string };
    return ask('POST', `${path}/votes`, { decision: 'approve', digest }, name);
  };
  const usable = (address: string, more: { memo?: string; account?: string } = {}) =>
    givenUsableEntry(ledger, order(address, more).data);
  const settings = (more: object) =>
    ask('POST', `accounts/${accountId}/address-book`, {
      only_book: false,
      confirmation: 'none',
      waits_hours: 24,
      ...more,
    });

  it('ask people about the first payment to a recipient, and not about the next', async () => {
    await publish(asking('first_payment'));
    const [first, second] = [order(ADDRESS), order(ADDRESS)];
    expect(await answersOf(first, second)).toEqual(['approval-asked', 'approval-asked']);
    const { content } = (await ask('GET', `payment-approvals/${first.data.withdrawalId}`)).body
      .data as { content: string };
    expect(JSON.parse(content)).toMatchObject({ rules: ['first-payment'] });
    expect(await vote(first)).toMatchObject({ status: 200 });
    await ledger.run(capture(first, '10', '1', 'gateio'));

    expect(await answersOf(order(ADDRESS.toUpperCase().replace('0X', '0x')))).toEqual([
      'hold-placed',
    ]);
    expect(await answersOf(order(OTHER), order(ADDRESS, { memo: '7' }))).toEqual([
      'approval-asked',
      'approval-asked',
    ]);
    const account = await givenAccount(ledger, '1000');
    expect(await answersOf(order(ADDRESS, { account }))).toEqual(['approval-asked']);
  });

  it('count payments from before the publishing', async () => {
    await pay(order(ADDRESS));
    await publish(recipient('first_payment'));
    expect(await answersOf(order(ADDRESS), order(OTHER))).toEqual([
      'hold-placed',
      'hold-refused first-payment',
    ]);
  });

  it('count no payment that the ledger has not sealed', async () => {
    await publish(recipient('first_payment'));
    await ledger.run(order(ADDRESS));
    const [{ recipient: key } = { recipient: '' }] = await ledger.database.query<{
      recipient: string;
    }>('SELECT recipient FROM hold LIMIT 1');
    await ledger.database.query(
      `INSERT INTO paid_recipient (account_id, recipient, seal) VALUES ($1, $2, 'a:b')`,
      [accountId, key],
    );
    expect(await answersOf(order(ADDRESS))).toEqual(['hold-refused first-payment']);
  });

  it('ask people about an address that resembles a paid address', async () => {
    await publish(asking('resembles_paid'));
    await pay(order(ADDRESS));
    expect(await answersOf(order(ADDRESS), order(ADDRESS, { memo: '7' }), order(OTHER))).toEqual([
      'hold-placed',
      'hold-placed',
      'hold-placed',
    ]);
    expect(await answersOf(order(SIMILAR), order(SIMILAR, { memo: '7' }))).toEqual([
      'approval-asked',
      'approval-asked',
    ]);
    const account = await givenAccount(ledger, '1000');
    expect(await answersOf(order(SIMILAR, { account }))).toEqual(['hold-placed']);
  });

  it('refuse a recipient that is not in the address book', async () => {
    await publish(recipient('not_in_address_book'));
    expect(await answersOf(order(ADDRESS))).toEqual(['hold-refused not-in-address-book']);
    await usable(ADDRESS);
    expect(await answersOf(order(ADDRESS), order(ADDRESS, { memo: '7' }), order(OTHER))).toEqual([
      'hold-placed',
      'hold-refused not-in-address-book',
      'hold-refused not-in-address-book',
    ]);
    const account = await givenAccount(ledger, '1000');
    expect(await answersOf(order(ADDRESS, { account }))).toEqual([
      'hold-refused not-in-address-book',
    ]);
  });

  it('refuse an entry that waits, from a person and from the setting of the account alone', async () => {
    const { data } = order(ADDRESS);
    await settings({ only_book: true });
    const entry = { network: 'ETH', destination: data.destination, label: '🏢'.repeat(128) };
    const added = await ask('POST', `accounts/${accountId}/addresses`, entry);
    expect(added).toMatchObject({ status: 200 });
    expect(await answersOf(order(ADDRESS))).toEqual(['hold-refused address-book-only']);
    const account = await givenAccount(ledger, '1000');
    expect(await answersOf(order(ADDRESS, { account }))).toEqual(['hold-placed']);
  });

  it('end a payment that waits for people, when its entry is removed', async () => {
    await publish({ ...asking('first_payment'), name: 'new' }, recipient('not_in_address_book'));
    const entry = await usable(ADDRESS);
    const one = order(ADDRESS);
    expect(await answersOf(one)).toEqual(['approval-asked']);
    await ask('POST', `accounts/${accountId}/addresses/${entry}/remove`, {});

    expect(await vote(one)).toMatchObject({ status: 409 });
    expect(await ledger.balance(accountId)).toBe('0 of 1000000');
    expect(await answersOf(order(ADDRESS))).toEqual(['hold-refused not-in-address-book']);
  });

  it('answer the preview, the explanation and the dry run alike', async () => {
    const [first, second] = [order(ADDRESS), order(ADDRESS)];
    await pay(first);
    await pay(second);
    const dryRun = async (...rules: readonly object[]) => {
      const body = { policy: { groups: GROUPS, rules }, last: 100 };
      return (await ask('POST', 'policy/dry-run', body)).body.data as {
        changes: number;
        changed: readonly { withdrawal_id: string; after: string }[];
      };
    };
    expect((await dryRun(asking('first_payment'))).changed).toMatchObject([
      { withdrawal_id: first.data.withdrawalId, after: 'approval (1 of treasury)' },
    ]);
    await publish(asking('first_payment'), recipient('not_in_address_book'));
    const refused = order(OTHER);
    await ledger.run(refused);
    expect((await dryRun(asking('first_payment'), recipient('not_in_address_book'))).changes).toBe(
      0,
    );

    const explained = (await ask('GET', `policy/decisions/${refused.data.withdrawalId}`)).body
      .data as { answers: readonly object[] };
    expect(explained.answers).toMatchObject([
      { rule: 'first-payment', answer: 'approval' },
      { rule: 'not-in-address-book', answer: 'deny' },
    ]);
    const preview = (address: string) =>
      ask('POST', 'policy/preview', {
        account_id: accountId,
        key_id: 'key-1',
        asset: USDT,
        amount: '10',
        destination: { type: 'address', address },
        venue: 'gateio',
      });
    expect((await preview(ADDRESS)).body.data).toMatchObject({
      verdict: 'deny',
      rule: 'not-in-address-book',
    });
    await usable(OTHER);
    expect((await preview(OTHER)).body.data).toMatchObject({ verdict: 'approval' });
    await usable(ADDRESS);
    expect((await preview(ADDRESS)).body.data).toMatchObject({ verdict: 'allow' });
  });
});
