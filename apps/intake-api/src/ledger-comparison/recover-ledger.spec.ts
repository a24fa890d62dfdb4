import type { WithdrawalAgainDto } from '@sluice/http-api';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';
import { aStored, AUTHORITY } from '../testkit/a-withdrawal.js';
import { A_MAC, A_TIMED_RECEIPT } from '../testkit/inbound-events.js';
import { againInParts, commandsAgain } from './recover-ledger.js';

const [OF_GATEIO, OF_BYBIT] = [A_MAC, A_MAC.replace(/.$/, (last) => (last === '0' ? '1' : '0'))];
const AT_BYBIT = { venue: 'bybit', tried: ['gateio'] };

describe('what the ledger is sent again of a withdrawal', () => {
  const assignment = { type: 'ledger.assign-hold.v1', from: 'gateio', proof: OF_GATEIO };
  it.each<[string, StoredWithdrawal, object[]]>([
    [
      'paid after a fail-over: the hold goes to its venue before it is captured',
      {
        ...aStored({}, { ...AT_BYBIT, state: 'completed' }),
        timedReceipt: A_TIMED_RECEIPT,
        assignedProof: OF_GATEIO,
      },
      [assignment, { type: 'ledger.capture-hold.v1', venue: 'bybit' }],
    ],
    [
      'refused by its second venue as well: each command has the proof of its own venue',
      {
        ...aStored({}, { ...AT_BYBIT, state: 'failed' }),
        timedReceipt: A_TIMED_RECEIPT,
        assignedProof: OF_GATEIO,
        proof: OF_BYBIT,
      },
      [assignment, { type: 'ledger.release-hold.v1', proof: OF_BYBIT }],
    ],
    [
      'given to its second venue, which the ledger has not answered',
      { ...aStored({}, { ...AT_BYBIT, state: 'submitting' }), proof: OF_GATEIO },
      [assignment],
    ],
    [
      'given to its third venue, which the ledger has not answered: by the last proof',
      {
        ...aStored({}, { venue: 'bitmart', tried: ['gateio', 'bybit'], state: 'submitting' }),
        assignedProof: OF_GATEIO,
        proof: OF_BYBIT,
      },
      [{ ...assignment, from: 'bybit', proof: OF_BYBIT }],
    ],
    [
      'whose second venue was refused by a limit: the hold stays with the first one, with its proof',
      {
        ...aStored({}, { ...AT_BYBIT, state: 'failed', reasonCode: 'limit_exceeded' }),
        proof: OF_GATEIO,
      },
      [{ type: 'ledger.release-hold.v1', reason: 'limit_exceeded', proof: OF_GATEIO }],
    ],
    [
      'whose second venue was refused by a rule: the hold stays with the first one',
      {
        ...aStored({}, { ...AT_BYBIT, state: 'failed', reasonCode: 'policy_denied' }),
        proof: OF_GATEIO,
      },
      [{ type: 'ledger.release-hold.v1', reason: 'policy_denied', proof: OF_GATEIO }],
    ],
    [
      'whose third venue was refused by a limit: the hold stays with the second one',
      {
        ...aStored(
          {},
          {
            venue: 'bitmart',
            tried: ['gateio', 'bybit'],
            state: 'failed',
            reasonCode: 'limit_exceeded',
          },
        ),
        assignedProof: OF_GATEIO,
        proof: OF_BYBIT,
      },
      [
        { ...assignment, venue: 'bybit' },
        { type: 'ledger.release-hold.v1', proof: OF_BYBIT },
      ],
    ],
    [
      'paid by its first venue',
      aStored({}, { state: 'completed' }),
      [{ type: 'ledger.capture-hold.v1', venue: 'gateio' }],
    ],
  ])('%s', (_what, stored, expected) => {
    const { commands } = commandsAgain(stored, 'shop', { at: new Date(), authority: AUTHORITY });

    const sent = commands.map(({ type, data }) => ({ type, ...(JSON.parse(data) as object) }));
    expect(sent.slice(2)).toEqual(expected.map((one) => expect.objectContaining(one) as object));
    expect(sent.slice(0, 2).map(({ type }) => type)).toEqual([
      'ledger.open-account.v1',
      'ledger.place-hold.v1',
    ]);
  });

  it('carry the receipt of the venue: the ledger had allowed the payment', () => {
    const timedReceipt = `2026-11-20T08:00:00.000Z~0123456789abcdef.${'a'.repeat(43)}`;
    const holdOf = (stored: Parameters<typeof commandsAgain>[0]) => {
      const { commands } = commandsAgain(stored, 'shop', { at: new Date(), authority: AUTHORITY });
      return JSON.parse(commands[1]?.data ?? '') as object;
    };
    expect(holdOf({ ...aStored(), timedReceipt })).toMatchObject({ earlierReceipt: timedReceipt });
    expect(holdOf(aStored())).not.toHaveProperty('earlierReceipt');
  });
});

const BODY_LIMIT = 65_536;

const withdrawal = (n: number, characters: number): WithdrawalAgainDto => ({
  withdrawal_id: String(n),
  commands: [{ type: 'ledger.place-hold.v1', data: 'x'.repeat(characters) }],
});

describe('commands that are sent to the ledger again', () => {
  it('fit the body limit of the ledger in each part, and keep their order', () => {
    const all = Array.from({ length: 200 }, (_, n) => withdrawal(n, 2_500));

    const { parts, tooLarge } = againInParts(all);

    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts)
      expect(JSON.stringify({ withdrawals: part }).length).toBeLessThanOrEqual(BODY_LIMIT);
    expect(parts.flat()).toEqual(all);
    expect(tooLarge).toEqual([]);
  });

  it('leave out a withdrawal that no call can carry, so that it does not block the others', () => {
    const { parts, tooLarge } = againInParts([
      withdrawal(1, 100),
      withdrawal(2, 30_001),
      { withdrawal_id: '3', commands: Array(3).fill(withdrawal(3, 25_000).commands[0]) },
      withdrawal(4, 100),
    ]);

    expect(parts).toEqual([[withdrawal(1, 100), withdrawal(4, 100)]]);
    expect(tooLarge).toEqual(['2', '3']);
  });

  it('are no call if there are none', () => {
    expect(againInParts([]).parts).toEqual([]);
  });
});
