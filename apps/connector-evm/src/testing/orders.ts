import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';
import { keccak256, toHex, getAddress, slice, type Address } from 'viem';

/** Returns an unused address, derived from `name`. */
export function someAddress(name: string = randomUUIDv7()): Address {
  return getAddress(slice(keccak256(toHex(name)), 12));
}

export function orderOf(asset: string, amount: string, address = someAddress()): ContractOrder {
  return { withdrawalId: randomUUIDv7(), asset, amount, destination: { type: 'address', address } };
}
