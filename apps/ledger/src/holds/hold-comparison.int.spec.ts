import { haltBook } from '../book-halt/book-halt.js';
import type { TopicCommand } from '../wire/ledger-command.js';
import {
  capture,
  commandOf,
  faultsOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  release,
  venueFee,
  type CommandBody,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { comparedHolds, foundHolds } from './hold-comparison.controller.js';

describe('what the ledger has lost and is sent again', () => {
  let ledger: TestLedger;
  let accountId: string;
  let paid: ReturnType<typeof place>;
  beforeAll(async () => void (ledger = await givenLedger()));
  beforeEach(async () => {
    accountId = await givenAccount(ledger, '20');
    paid = place(accountId, '30');
  });
  afterAll(() => ledger.close());

  const again = async (hold: ReturnType<typeof place>, ...more: CommandBody[]) => {
    const commands = [hold, ...more].map((body) => commandOf(body) as TopicCommand);
    const { withdrawalId } = hold.data;
    const [answer] = await ledger.applyCommands.applyAgain([{ withdrawalId, commands }]);
    return answer?.refusal;
  };
  const stateOf = async ({ data }: ReturnType<typeof place>) =>
    (await comparedHolds(ledger.service, [data.withdrawalId])).map(
      ({ state, captured, fee, venue, venue_fee: venueFee }) => ({
        state,
        captured,
        fee,
        venue,
        venueFee,
      }),
    );

  it('is decided while the book is halted, and once however often it is sent', async () => {
    const hold = place(accountId, '11');
    await haltBook(ledger.database, 'put back');
    const all = [capture(hold, '10', '1'), venueFee(hold, '0.5')];

    expect(await again(hold, ...all)).toBeNull();
    expect(await again(hold, ...all)).toBeNull();

    expect(await stateOf(hold)).toEqual([
      { state: 'captured', captured: '10', fee: '1', venue: 'gateio', venueFee: '0.5' },
    ]);
    expect(await ledger.balance(accountId)).toBe('0 of 9');
    expect(await faultsOf(ledger)).toEqual([]);
  });

  it('captures a hold that is placed again, and releases one', async () => {
    const [first, second] = [place(accountId, '5'), place(accountId, '6')];
    await ledger.run(first, second);

    expect(await again(first, capture(first, '4', '1'))).toBeNull();
    expect(await again(second, release(second))).toBeNull();

    expect(await ledger.balance(accountId)).toBe('0 of 15');
  });

  it('names the money that an account lacks, records no refusal, and is booked once it is there', async () => {
    expect(await again(paid, capture(paid, '30'))).toBe(
      `account ${accountId} lacks 10 USDT.ETH: book the missing funding, then send the command again`,
    );
    expect(await stateOf(paid)).toEqual([]);

    await ledger.run(fund(accountId, '10', 'the lost one'));
    expect(await again(paid, capture(paid, '30'))).toBeNull();
    expect(await ledger.balance(accountId)).toBe('0 of 0');
  });

  it('names a refusal and publishes nothing of it', async () => {
    const hold = place(accountId, '5');
    await ledger.run(hold, release(hold));
    const before = ledger.published().length;

    expect(await again(hold, capture(hold, '5'))).toBe('ledger.capture-hold.v1: already_released');
    expect(ledger.published()).toHaveLength(before);
  });

  it('answers placed and captured holds between two ids, in their order', async () => {
    const [placed, captured, released, later] = [1, 2, 3, 4].map((amount) =>
      place(accountId, String(amount)),
    ) as [CommandPlace, CommandPlace, CommandPlace, CommandPlace];
    await ledger.run(placed, captured, released, later);
    await ledger.run(capture(captured, '2'), release(released));
    const ids = [placed, captured, later].map(({ data }) => data.withdrawalId).toSorted();
    const [first = ''] = ids;

    const all = {
      after: '00000000-0000-7000-8000-000000000000',
      before: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
    };
    const found = (await foundHolds(ledger.service, all)).filter(
      (one) => one.account_id === accountId,
    );
    expect(found.map((one) => one.withdrawal_id)).toEqual(ids);
    expect(found.find((one) => one.withdrawal_id === captured.data.withdrawalId)).toMatchObject({
      asset: 'USDT.ETH',
      amount: '2',
      state: 'captured',
      venue: 'gateio',
    });
    const behind = await foundHolds(ledger.service, { ...all, after: first });
    expect(behind.map((one) => one.withdrawal_id)).not.toContain(first);
  });
});

type CommandPlace = ReturnType<typeof place>;
