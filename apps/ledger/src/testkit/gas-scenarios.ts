import { HOUSE_ACCOUNT } from '@sluice/ledger-core';
import type { CommandBody } from '../wire/ledger-command.js';
import { USDT } from './given-ledger.js';
import { OPENED, type Scenario, step } from './scenario.js';

const ETH = 'ETH.ETH';

/** Records the gas of a transaction with this reference (default: of the hot wallet). */
export function gas(
  reference: string,
  amount: string,
  { wallet = 'hot', network = 'ETH', asset = ETH }: Partial<GasTerms> = {},
): CommandBody {
  return {
    type: 'ledger.record-gas.v1',
    data: { accountId: HOUSE_ACCOUNT, network, wallet, asset, amount, reference },
  };
}

interface GasTerms {
  readonly wallet: 'hot' | 'tank';
  readonly network: string;
  readonly asset: string;
}

/** Records a funding received at an address (default: of the hot wallet). */
export function walletFunding(
  reference: string,
  amount: string,
  { wallet = 'hot', network = 'ETH', asset = ETH }: Partial<GasTerms> = {},
): CommandBody {
  return {
    type: 'ledger.record-wallet-funding.v1',
    data: { accountId: HOUSE_ACCOUNT, network, wallet, asset, amount, reference },
  };
}

export function gasTopUp(
  reference: string,
  amount: string,
  { network = 'ETH', asset = ETH }: Partial<GasTerms> = {},
): CommandBody {
  return {
    type: 'ledger.record-gas-top-up.v1',
    data: { accountId: HOUSE_ACCOUNT, network, asset, amount, reference },
  };
}

export const GAS: readonly Scenario[] = [
  {
    rule: 'gas and top-ups are booked once by each transaction, to the paying wallet only',
    steps: [
      ...OPENED,
      step(gas('0xa', '0.001'), 'gas-recorded house account, ETH, ETH.ETH, 0.001, 0xa, entry 2'),
      step(
        gas('0xb', '0.2', { wallet: 'tank' }),
        'gas-recorded house account, ETH, ETH.ETH, 0.2, 0xb, entry 3',
      ),
      step(
        gas('0xc', '0.00002', { network: 'BSC', asset: 'BNB.BSC' }),
        'gas-recorded house account, BSC, BNB.BSC, 0.00002, 0xc, entry 4',
      ),
      step(
        gasTopUp('0xb', '10'),
        'gas-top-up-recorded house account, ETH, ETH.ETH, 10, 0xb, entry 5',
      ),
    ],
    ends: { a: '0 of 100' },
    books: {
      'entry 2': ['hot-wallet:ETH 0.001', 'gas:ETH -0.001'],
      'entry 3': ['gas-tank:ETH 0.2', 'gas:ETH -0.2'],
      'entry 4': ['hot-wallet:BSC 0.00002', 'gas:BSC -0.00002'],
      'entry 5': ['gas-tank:ETH 10', 'hot-wallet:ETH -10'],
    },
  },
  {
    rule: 'a wallet funding is booked once by its number, to the house account only, and is used up by gas',
    steps: [
      ...OPENED,
      step(
        walletFunding('0xf ETH.ETH 1', '30000'),
        'wallet-funded house account, ETH, ETH.ETH, 30000, 0xf ETH.ETH 1, entry 2',
      ),
      step(
        walletFunding('0xe USDT.ETH 1', '5.000001', { wallet: 'tank', asset: 'USDT.ETH' }),
        'wallet-funded house account, ETH, USDT.ETH, 5.000001, 0xe USDT.ETH 1, entry 3',
      ),
      step(gas('0xd', '0.2'), 'gas-recorded house account, ETH, ETH.ETH, 0.2, 0xd, entry 4'),
    ],
    ends: { a: '0 of 100' },
    books: {
      'entry 2': ['funding 30000', 'hot-wallet:ETH -30000'],
      'entry 3': ['funding 5.000001', 'gas-tank:ETH -5.000001'],
      'entry 4': ['hot-wallet:ETH 0.2', 'gas:ETH -0.2'],
    },
  },
  {
    rule: 'record-wallet-funding refuses in order',
    refusalsOf: 'record-wallet-funding',
    steps: [
      ...OPENED,
      step(walletFunding('0x7', '1'), 'wallet-funded house account, ETH, ETH.ETH, 1, 0x7, entry 2'),
      step(walletFunding('0x7', '0', { network: 'BSC' }), 'refused reference_reused'),
      step(walletFunding('0x7', '1', { wallet: 'tank' }), 'refused reference_reused'),
      step(walletFunding('0x8', '0', { network: 'BSC' }), 'refused amount_not_positive'),
      step(walletFunding('0x8', '900000', { network: 'BSC' }), 'refused network_mismatch'),
      step(walletFunding('0x8', '30000.000000000000000001'), 'refused above_ceiling'),
      step(walletFunding('0x8', '1', { asset: 'DOGE.ETH' }), 'refused above_ceiling'),
    ],
    ends: { a: '0 of 100' },
  },
  {
    rule: 'record-gas refuses in order',
    refusalsOf: 'record-gas',
    steps: [
      ...OPENED,
      step(gas('0x1', '0.1'), 'gas-recorded house account, ETH, ETH.ETH, 0.1, 0x1, entry 2'),
      step(gas('0x1', '0', { asset: USDT }), 'refused reference_reused'),
      step(gas('0x1', '0.1', { wallet: 'tank' }), 'refused reference_reused'),
      step(gas('0x2', '0', { asset: USDT }), 'refused amount_not_positive'),
      step(gas('0x2', '500', { asset: USDT }), 'refused not_native'),
      step(gas('0x2', '500', { network: 'BSC' }), 'refused not_native'),
      step(gas('0x2', '0.200000000000000001'), 'refused above_ceiling'),
    ],
    ends: { a: '0 of 100' },
  },
  {
    rule: 'record-gas-top-up refuses in order',
    refusalsOf: 'record-gas-top-up',
    steps: [
      ...OPENED,
      step(
        gasTopUp('0x3', '1'),
        'gas-top-up-recorded house account, ETH, ETH.ETH, 1, 0x3, entry 2',
      ),
      step(gasTopUp('0x3', '0', { asset: USDT }), 'refused reference_reused'),
      step(gasTopUp('0x4', '0', { asset: USDT }), 'refused amount_not_positive'),
      step(gasTopUp('0x4', '500', { asset: USDT }), 'refused not_native'),
      step(gasTopUp('0x4', '500', { network: 'BSC' }), 'refused not_native'),
      step(gasTopUp('0x4', '10.000000000000000001'), 'refused above_ceiling'),
    ],
    ends: { a: '0 of 100' },
  },
];
