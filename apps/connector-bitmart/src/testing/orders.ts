import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';

/** In the simulator's address book, verified. */
export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

export const ACCOUNTS = {
  cid: { type: 'venue_account', kind: 'cid', value: '876940329' },
  email: { type: 'venue_account', kind: 'email', value: 'someone@example.com' },
  phone: { type: 'venue_account', kind: 'phone', value: '412345678', area_code: '61' },
} as const;

export function chainOrder(amount: string, change: Partial<ContractOrder> = {}): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'address', address: ETH_ADDRESS },
    ...change,
  };
}

export function accountOrder(kind: keyof typeof ACCOUNTS, amount: string): ContractOrder {
  return { withdrawalId: randomUUIDv7(), asset: 'USDT.ETH', amount, destination: ACCOUNTS[kind] };
}
