import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';

const ETH_ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

export function chainOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'address', address: ETH_ADDRESS },
  };
}

export function pushOrder(amount: string): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'USDT.ETH',
    amount,
    destination: { type: 'venue_account', kind: 'uid', value: '12345678' },
  };
}

/** Second account of the tests; imported first, because libs/messages reads the names once. */
export const SECOND = 'gateio-treasury';
process.env['VENUE_ACCOUNTS'] = SECOND;
