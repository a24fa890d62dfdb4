import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { checkInvariants } from './postgres/check-invariants.js';
import {
  BTC,
  capture,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  openAccount,
  place,
  release,
  USDT,
  venueFee,
  type TestLedger,
} from './testkit/given-ledger.js';

describe('applyCommands', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (ledger = await givenLedger(postgres)));
  afterEach(async () => {
    const { violations } = await checkInvariants((sql, params) => ledger.database.query(sql, params));
    await ledger.close();
    expect(violations).toEqual([]);
  });
  afterAll(() => postgres.stop());

  it('opens, funds, holds, captures and books the venue fee within one batch', async () => {
    const accountId = randomUUID();
    const hold = place(accountId, '60');

    await ledger.run(openAccount(accountId), fund(accountId, '100', 'r'), hold, capture(hold, '50', '1.5'), venueFee(hold, '0.4'));

    expect(await ledger.balance(accountId)).toBe('0 of 48.5');
    expect(ledger.published()).toEqual([
      'ledger.account-opened.v1',
      'ledger.account-funded.v1',
      'ledger.hold-placed.v1',
      'ledger.hold-captured.v1',
      'ledger.venue-fee-recorded.v1',
    ]);
    expect(await ledger.queries.entriesOf(hold.data.withdrawalId)).toMatchObject([
      { kind: 'capture', postings: [{ amount: '-51.5' }, { account: 'clearing:gateio', amount: '50' }, { account: 'fee-income', amount: '1.5' }] },
      {
        kind: 'venue_fee',
        postings: [
          { account: 'clearing:gateio', amount: '0.4' },
          { account: 'venue-fee:gateio', amount: '-0.4' },
        ],
      },
    ]);
  });

  it('funds or refuses an account that is being opened at the same moment, and never keeps half of it', async () => {
    const openedWhileFunded = async (): Promise<string> => {
      const accountId = randomUUID();
      const funded = async () => (await ledger.run(fund(accountId, '100', 'r'))).some(({ event }) => event.type === 'ledger.account-funded.v1');
      const [, early] = await Promise.all([ledger.run(openAccount(accountId)), funded()]);
      if (!early) expect(await funded()).toBe(true);
      return ledger.balance(accountId);
    };

    for (let round = 0; round < 60; round++) expect(await Promise.all([openedWhileFunded(), openedWhileFunded()])).toEqual(['0 of 100', '0 of 100']);
  });

  it('gives the same end when each step is a batch of its own', async () => {
    const accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [place(accountId, '60'), place(accountId, '30')];

    await ledger.run(paid);
    await ledger.run(failed);
    expect(await ledger.balance(accountId)).toBe('90 of 100');
    await ledger.run(release(failed));
    await ledger.run(capture(paid, '50', '1.5'));
    await ledger.run(venueFee(paid, '0.4'));

    expect(await ledger.balance(accountId)).toBe('0 of 48.5');
    expect(ledger.published().slice(2)).toEqual([
      'ledger.hold-placed.v1',
      'ledger.hold-placed.v1',
      'ledger.hold-released.v1',
      'ledger.hold-captured.v1',
      'ledger.venue-fee-recorded.v1',
    ]);
  });

  it('applies a batch of 600 commands over 200 accounts and two assets', async () => {
    const accounts = Array.from({ length: 200 }, () => randomUUID() as string);
    await ledger.run(...accounts.flatMap((id) => [openAccount(id), fund(id, '10', 'usdt'), fund(id, '1', 'btc', BTC)]));

    const decisions = await ledger.run(...accounts.flatMap((id) => [place(id, '4'), place(id, '4'), place(id, '0.25', randomUUIDv7(), BTC)]));

    expect(decisions.every(({ refusal }) => refusal === null)).toBe(true);
    expect(await Promise.all(accounts.slice(0, 20).map((id) => ledger.balance(id)))).toEqual(Array(20).fill('8 of 10'));
    expect(await ledger.balance(accounts[7]!, BTC)).toBe('0.25 of 1');
  });

  it('places 3 of 50 holds on a hot account that has room for 3, and remembers the refusals', async () => {
    const accountId = await givenAccount(ledger, '35');
    const holds = Array.from({ length: 50 }, () => place(accountId, '10'));

    const decisions = await ledger.run(...holds);
    await ledger.run(fund(accountId, '1000', 'too late'));
    const again = await ledger.run(...holds);

    expect(decisions.map(({ refusal }) => refusal?.kind ?? 'placed')).toEqual([...Array(3).fill('placed'), ...Array(47).fill('insufficient_funds')]);
    expect(decisions[3]?.event.data).toMatchObject({ reason: 'insufficient_funds', available: '5' });
    expect(again.map(({ event }) => event)).toEqual(decisions.map(({ event }) => event));
    expect(await ledger.balance(accountId)).toBe('30 of 1035');
  });

  it('shares a hot account between concurrent batches without promising more than it has', async () => {
    const accountId = await givenAccount(ledger, '35');

    const batches = await Promise.all(Array.from({ length: 8 }, () => ledger.run(...Array.from({ length: 10 }, () => place(accountId, '1')))));

    expect(batches.flat().filter(({ refusal }) => refusal === null)).toHaveLength(35);
    expect(await ledger.balance(accountId)).toBe('35 of 35');
  });

  it('answers a message once, however often and in whatever batch it is delivered', async () => {
    const accountId = await givenAccount(ledger, '100');
    const command = commandOf(place(accountId, '60'));

    await ledger.applyCommands([command, command]);
    await ledger.applyCommands([command]);

    expect(await ledger.balance(accountId)).toBe('60 of 100');
    expect(ledger.published().filter((type) => type === 'ledger.hold-placed.v1')).toHaveLength(1);
  });

  it('answers the same request under new message ids with the first outcome, and moves nothing', async () => {
    const accountId = await givenAccount(ledger, '100');
    const hold = place(accountId, '60');
    const steps = [fund(accountId, '100', 'first deposit'), hold, capture(hold, '50', '1'), venueFee(hold, '0.4')];
    const first = await ledger.run(...steps);
    const entries = await ledger.count('journal_entry');

    const second = await ledger.run(...steps);

    expect(second.map(({ event }) => event)).toEqual(first.map(({ event }) => event));
    expect(await ledger.count('journal_entry')).toBe(entries);
    expect(await ledger.balance(accountId)).toBe('0 of 49');
  });

  it('refuses a reused withdrawal id as a refused command, because its first hold stands', async () => {
    const [one, other] = [await givenAccount(ledger, '100'), await givenAccount(ledger, '100')];
    const hold = place(one, '60');
    await ledger.run(hold);

    const [decision] = await ledger.run(place(other, '60', hold.data.withdrawalId));

    expect(decision?.event).toMatchObject({ type: 'ledger.command-refused.v1', data: { accountId: other, reason: 'withdrawal_id_reused' } });
    expect([await ledger.balance(one), await ledger.balance(other)]).toEqual(['60 of 100', '0 of 100']);
  });

  it('refuses a capture after a release and a release after a capture', async () => {
    const accountId = await givenAccount(ledger, '100');
    const [paid, failed] = [place(accountId, '10'), place(accountId, '20')];
    await ledger.run(paid, failed, capture(paid, '10'), release(failed));

    const late = await ledger.run(release(paid), capture(failed, '20'), capture(paid, '9'));

    expect(late.map(({ refusal }) => refusal?.kind)).toEqual(['already_captured', 'already_released', 'already_captured']);
    expect(await ledger.balance(accountId)).toBe('0 of 90');
  });

  it('lets several first fundings of one asset arrive at once', async () => {
    const accountId = randomUUID();
    await ledger.run(openAccount(accountId));

    await Promise.all(Array.from({ length: 12 }, (_, n) => ledger.run(fund(accountId, '1', `deposit ${n % 6}`))));

    expect(await ledger.balance(accountId)).toBe('0 of 6');
    expect(await ledger.count('journal_entry')).toBe(6);
  });

  it('places one hold when two transactions race for the same withdrawal on different accounts', async () => {
    const accounts = await Promise.all(Array.from({ length: 4 }, () => givenAccount(ledger, '10')));
    const withdrawalId = randomUUIDv7();

    const decisions = (await Promise.all(accounts.map((id) => ledger.run(place(id, '10', withdrawalId))))).flat();

    expect(decisions.map(({ refusal }) => refusal?.kind ?? 'placed').sort()).toEqual(['placed', ...Array(3).fill('withdrawal_id_reused')]);
  });

  it('ties each event to its command and keeps the trace', async () => {
    const accountId = await givenAccount(ledger, '10');
    const command = { ...commandOf(place(accountId, '1')), traceparent: '00-a-b-01', correlationId: 'request-7' };

    await ledger.applyCommands([command]);

    expect(ledger.messages().at(-1)).toMatchObject({
      topic: 'ledger.events',
      key: accountId,
      headers: { ce_causationid: command.id, ce_correlationid: 'request-7', traceparent: '00-a-b-01' },
    });
  });

  it('keeps every digit through the database', async () => {
    const accountId = await givenAccount(ledger, '1234567890123456789.000000000000000001');

    await ledger.run(place(accountId, '0.000000000000000001'));

    expect(await ledger.balance(accountId, USDT)).toBe('0.000000000000000001 of 1234567890123456789.000000000000000001');
  });
});
