import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerAdmin } from '@sluice/admin-client';
import { APPROVER } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { LedgerFleet, LedgerListener } from './testkit/ledger-fleet.js';
import { LedgerTraffic } from './testkit/ledger-traffic.js';

/** Each makes a journal entry. */
const BOOKED = ['hold-captured', 'venue-fee-recorded'];
/** Long enough under load for a decision by the owner of the partitions. */
const UNDER_LOAD_MS = 1_500;

describe('ledgers that share the partitions of ledger.commands', () => {
  let fleet: LedgerFleet;
  let traffic: LedgerTraffic;
  let listener: LedgerListener;
  let ledger: LedgerAdmin;
  const shares: number[][] = [];

  beforeAll(async () => {
    fleet = await LedgerFleet.start();
    traffic = new LedgerTraffic(fleet.kafka, { hot: 4, cold: 300 }, fleet.sign);
    listener = new LedgerListener(fleet.kafka);
    await moveThePartitionsUnderLoad();
  }, 240_000);
  afterAll(async () => {
    await listener.stop();
    await fleet.stop();
  });

  it('have moved them: two instances, three, two after a goodbye, one after a kill -9', () => {
    expect(
      shares.map((share) => [share.length, share.reduce((sum, count) => sum + count, 0)]),
    ).toEqual([
      [1, 6],
      [2, 6],
      [3, 6],
      [2, 6],
      [1, 6],
    ]);
  });

  it('answer every command with exactly one event, which may be published again but never otherwise', () => {
    const commands = [...traffic.sentCommands().values()].flat();

    expect(commands.length).toBeGreaterThan(5_000);
    expect(listener.answered().size).toBe(commands.length);
    expect(listener.events).toHaveLength(commands.length);
    expect(listener.repeated).toBeGreaterThan(0);
    expect(listener.contradictions).toEqual([]);
  });

  it("answer each account's commands in their order, as if one ledger alone had decided them", () => {
    const received = listener.byAccount();
    const wrong = [...traffic.sentCommands()].flatMap(([accountId, commands]) => {
      const [expected, actual] = [
        commands.map(({ id, answer }) => `${id} ${answer}`),
        (received.get(accountId) ?? []).map((one) => `${one.causationId} ${one.answer}`),
      ];
      const at = expected.findIndex((line, index) => line !== actual[index]);
      return at < 0
        ? []
        : [
            {
              accountId,
              at,
              expected: expected.slice(at, at + 5),
              actual: actual.slice(at, at + 5),
            },
          ];
    });

    expect(wrong).toEqual([]);
  });

  it('let nothing take effect twice, lose nothing, and keep a book that is proven', async () => {
    const expected = [...traffic.postedAtTheEnd()].map(([id, posted]) => [id, posted, '0']);
    const balances = await Promise.all(
      expected.map(async ([id = '']) => {
        const rows = await ledger.balances(id);
        return [id, ...rows.flatMap(({ posted, held }) => [posted, held])];
      }),
    );
    const booked = [...traffic.sentCommands().values()]
      .flat()
      .filter(({ answer }) => BOOKED.includes(answer)).length;

    expect(balances).toEqual(expected);
    expect(await ledger.prove({})).toMatchObject({
      proven: true,
      chain: { entries: booked + expected.length, divergence: null },
      book: { violations: [] },
    });
    expect(await ledger.deadLetters()).toEqual([]);
  });

  async function moveThePartitionsUnderLoad(): Promise<void> {
    const share = async (members: number): Promise<void> => {
      shares.push([...(await fleet.sharedBy(members))]);
      await sleep(UNDER_LOAD_MS);
    };
    const first = await fleet.launch();
    await traffic.openAccounts(fleet.adminOf(first), fleet.adminOf(first, APPROVER));
    await listener.start();
    await traffic.start();
    await share(1);
    const second = await fleet.launch();
    await share(2);
    const third = await fleet.launch();
    await share(3);
    await fleet.end(first, 'stop');
    await share(2);
    await fleet.end(second, 'kill');
    await share(1);
    await traffic.finish();
    ledger = fleet.adminOf(third);
    const commands = [...traffic.sentCommands().values()].flat();
    await eventually(() => expect(listener.answered().size).toBe(commands.length), {
      withinMs: 60_000,
      everyMs: 100,
    });
  }
});
