import { decode, ledgerCommands } from '@sluice/messages';

const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const MONEY = { accountId: ACCOUNT, asset: 'USDT.ETH', amount: '5', reference: 'r' };

describe('ledger.commands', () => {
  it.each([
    ['ledger.fund-account.v1', MONEY],
    ['ledger.transfer-funds.v1', { ...MONEY, from: 'suspense', to: `customer:${ACCOUNT}` }],
    ['ledger.reverse-entry.v1', { accountId: ACCOUNT, entryId: ACCOUNT, reason: 'r' }],
    ['ledger.freeze-account.v1', { accountId: ACCOUNT, freezeId: 'f', reason: 'r' }],
    ['ledger.unfreeze-account.v1', { accountId: ACCOUNT, freezeId: 'f' }],
  ])('carries no %s: a person asks for that at the admin API', (type, data) => {
    const headers = {
      ce_specversion: '1.0',
      ce_id: 'm1',
      ce_type: type,
      ce_source: 'intake-api',
      ce_subject: ACCOUNT,
      ce_time: '2026-11-20T08:00:00.000Z',
      'content-type': 'application/json',
    };

    expect(decode(ledgerCommands, { key: ACCOUNT, headers, value: JSON.stringify(data) })).toEqual({
      ok: false,
      refusal: { kind: 'unknown_type', type },
    });
  });
});
