import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';

export const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const TRX_ADDRESS = 'TUu2rLFrmzUodiWfYki7QCNtv1akL682p1';

export function chainOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'address', address: ETH_ADDRESS },
  };
}

export function tronOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.TRX',
    amount,
    destination: { type: 'address', address: TRX_ADDRESS },
  };
}

export function uidOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'venue_account', kind: 'uid', value: '24600000' },
  };
}
