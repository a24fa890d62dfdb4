import { ledgerFacts, type FollowedEvent } from './ledger-facts.js';

const [A, B] = ['0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11', '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b12'];
const OF = { accountId: A, asset: 'USDT.ETH', amount: '10' };
const TIME = '2026-11-26T12:00:00.000Z';

function event(type: FollowedEvent['type'], data: object): FollowedEvent {
  const built: object = { id: '1', source: 'ledger', subject: A, time: TIME, type, data };
  return built as FollowedEvent;
}
const moved = (...events: readonly FollowedEvent[]) =>
  ledgerFacts(events).movements.map(({ account_id: account, amount }) => `${account} ${amount}`);

describe('facts of the ledger', () => {
  it('are the movements of customers, and none of the firm', () => {
    const transfer = (from: string, to: string) =>
      event('ledger.funds-transferred.v1', { ...OF, from, to, reference: 't', entryId: 'e' });

    expect(moved(event('ledger.account-funded.v1', { ...OF, entryId: 'e' }))).toEqual([`${A} 10`]);
    expect(moved(transfer(`customer:${A}`, `customer:${B}`))).toEqual([`${A} -10`, `${B} 10`]);
    expect(moved(transfer('clearing:gateio', 'suspense'))).toEqual([]);
  });

  it('are captures, with the fee in the debit', () => {
    const capture = event('ledger.hold-captured.v1', {
      ...OF,
      fee: '0.5',
      withdrawalId: 'w',
      entryId: 'e',
    });

    expect(ledgerFacts([capture, capture]).endings).toMatchObject([
      { state: 'captured', entry_id: 'e', account_id: A, debited: '10.5' },
      { state: 'captured', entry_id: 'e', account_id: A, debited: '10.5' },
    ]);
  });

  it('are holds with their venue, their end, and the last change of the venue', () => {
    const withdrawalId = 'w';
    const facts = ledgerFacts([
      event('ledger.hold-placed.v1', { ...OF, withdrawalId, venue: 'gateio' }),
      event('ledger.hold-assigned.v1', { ...OF, withdrawalId, venue: 'bybit' }),
      event('ledger.hold-assigned.v1', { ...OF, withdrawalId, venue: 'bitmart' }),
      event('ledger.hold-released.v1', { ...OF, withdrawalId }),
    ]);

    expect(facts.holds).toMatchObject([{ withdrawal_id: 'w', venue: 'gateio', placed_at: TIME }]);
    expect([...facts.venues]).toEqual([['w', 'bitmart']]);
    expect(facts.endings).toMatchObject([
      { withdrawal_id: 'w', state: 'released', ended_at: TIME, entry_id: null, debited: null },
    ]);
  });

  it('are no holds before people have approved', () => {
    const of = { ...OF, withdrawalId: 'w' };
    const facts = ledgerFacts([
      event('ledger.approval-asked.v1', { ...of, venue: 'gateio' }),
      event('ledger.approval-ended.v1', { ...of, reason: 'approval_refused' }),
    ]);

    expect([facts.holds, facts.endings, facts.movements]).toEqual([[], [], []]);
  });

  it('are openings and reversals; a fee of the venue moves no customer’s money', () => {
    const facts = ledgerFacts([
      event('ledger.account-opened.v1', { accountId: A, name: 'x' }),
      event('ledger.entry-reversed.v1', { accountId: A, entryId: 'e2', reversedEntryId: 'e1' }),
      event('ledger.venue-fee-recorded.v1', { ...OF, withdrawalId: 'w', entryId: 'e3' }),
      event('ledger.entry-reversed.v1', {
        accountId: A,
        entryId: 'e5',
        reversedEntryId: 'e4',
        lines: 'venue_fee',
      }),
    ]);

    expect(facts.openings).toEqual([A]);
    expect([...facts.reversals]).toEqual([['e2', 'e1']]);
    expect(facts.movements).toEqual([]);
  });
});
