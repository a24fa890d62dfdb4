import { Amount, assetOf } from '@sluice/kernel';
import type { PlacedHold } from '@sluice/ledger-core';
import { withoutRules } from '@sluice/ledger-core/testing';
import { TEST_AUTHORITY as authority } from '../testkit/test-authority.js';

const AT = '2026-11-20T08:00:00.000Z';
const ONE = Amount.of('1', assetOf('USDT', 'ETH'));
const TIME = { at: AT, withinMs: 1_000 };
const withdrawalId = '0193a000-0000-7000-8000-000000000001';

function hold(change: Partial<PlacedHold> = {}): PlacedHold {
  return {
    state: 'placed',
    withdrawalId,
    accountId: '0193a000-0000-7000-8000-00000000000a',
    amount: ONE,
    decidedAt: AT,
    digest: 'd',
    reference: null,
    assignedTo: 'gateio',
    lock: authority.lockOf(withdrawalId, 'guarded'),
    policy: withoutRules(ONE),
    assignedAt: null,
    grant: null,
    submissionStartedAt: null,
    expiresAt: null,
    ...change,
  };
}

describe('the receipts of a guarded hold', () => {
  it('exist only with the key of the grant, whatever the database states of approvals', () => {
    expect(authority.receiptsOf(hold(), TIME)).toBeNull();
    expect(authority.receiptsOf(hold({ grant: '0'.repeat(32) }), TIME)).toBeNull();
    const granted = hold({ grant: authority.grantOf(hold()) });
    expect(authority.receiptsOf(granted, TIME)).toMatchObject({ venue: 'gateio' });
  });

  it('are not those of another hold with its grant', () => {
    const other = hold({ withdrawalId: '0193a000-0000-7000-8000-000000000002' });
    expect(authority.receiptsOf(hold({ grant: authority.grantOf(other) }), TIME)).toBeNull();
  });
});
