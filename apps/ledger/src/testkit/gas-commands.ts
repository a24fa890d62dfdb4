import { HOUSE_ACCOUNT } from '@sluice/ledger-core';
import type { CommandBody } from '../wire/ledger-command.js';

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
