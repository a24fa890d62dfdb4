import {
  encode,
  HOUSE_ACCOUNT,
  ledgerCommands,
  NO_WITHDRAWAL,
  type WireMessage,
} from '@sluice/messages';
import { attributes, type Cause } from '../../wire/wire.js';
import type { CoinsArrived } from './coins-arrived.js';
import type { GasSpent, GasToppedUp } from './wallet-costs.js';

/** Reports the cost of a transaction of our own wallet to the ledger. */
export function recordGasMessage(cost: GasSpent, at: Date, cause: Cause): WireMessage {
  const { wallet, withdrawalId } = cost;
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-gas.v1',
    data: { ...bookedCost(cost), wallet, ...(withdrawalId !== NO_WITHDRAWAL && { withdrawalId }) },
  });
}

export function recordGasTopUpMessage(cost: GasToppedUp, at: Date, cause: Cause): WireMessage {
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-gas-top-up.v1',
    data: bookedCost(cost),
  });
}

export function recordWalletFundingMessage(
  { network, wallet, asset, amount, at: effectiveAt }: CoinsArrived,
  reference: string,
  at: Date,
  cause: Cause,
): WireMessage {
  return encode(ledgerCommands, {
    ...attributes(HOUSE_ACCOUNT, at, undefined, cause),
    type: 'ledger.record-wallet-funding.v1',
    data: { accountId: HOUSE_ACCOUNT, network, wallet, asset, amount, reference, effectiveAt },
  });
}

function bookedCost({ network, asset, amount, txHash, at }: GasSpent | GasToppedUp) {
  return {
    accountId: HOUSE_ACCOUNT,
    network,
    asset,
    amount,
    reference: txHash,
    effectiveAt: at,
  };
}
