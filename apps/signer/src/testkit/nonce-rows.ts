import { randomUUID } from 'node:crypto';
import type { NonceRow } from '../records/nonce-row.js';
import { HOT, SOMEBODY, USDT } from './wallets.js';

const WITHDRAWAL = '0190c1f2-0000-7000-8000-000000000001';

/** A row of `signed_nonce` without a valid seal. */
export function aRow(change: Partial<NonceRow> = {}): NonceRow {
  return {
    chain_id: '31337',
    address: HOT,
    nonce: '7',
    kind: 'payment',
    withdrawal_id: WITHDRAWAL,
    recipient: SOMEBODY,
    token: USDT,
    units: '12500000',
    gas_asset: 'ETH.ETH',
    number: '1',
    seal: '',
    ...change,
  };
}

/** Numbered rows of different withdrawals, with consecutive nonces. */
export function someRows(count: number): readonly NonceRow[] {
  return Array.from({ length: count }, (_, index) =>
    aRow({ nonce: `${7 + index}`, number: `${1 + index}`, withdrawal_id: randomUUID() }),
  );
}
