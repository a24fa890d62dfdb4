import { type Destination, ok, refuse, type Result } from '@sluice/kernel';
import { addressOf, type ChainSettings } from '@sluice/evm';
import { zeroAddress, type Address } from 'viem';

interface RecipientFault {
  readonly reason: 'not_supported' | 'invalid_destination';
  readonly message: string;
}

/**
 * Returns the address of a destination on this chain. Refuses addresses with certain loss of the
 * coins, and our own addresses, because the latter would pay no recipient.
 */
export function recipientOf(
  destination: Destination,
  { tokens, wallets }: Pick<ChainSettings, 'tokens' | 'wallets'>,
): Result<Address, RecipientFault> {
  if (destination.type !== 'address')
    return refuse({ reason: 'not_supported', message: 'The wallet pays to addresses only' });
  if (destination.memo !== undefined && destination.memo !== '')
    return invalid('This chain has no memo');
  const address = addressOf(destination.address);
  if (address === null)
    return invalid('It is no address of this chain, or its checksum (ERC-55) is wrong');
  if (address === zeroAddress) return invalid('The zero address has no owner');
  if (tokens.some((token) => token.address === address))
    return invalid('It is the contract of a token: what is sent there is lost');
  if (wallets.some((wallet) => wallet.address === address))
    return invalid('It is an address of our own');
  return ok(address);
}

function invalid(message: string) {
  return refuse({ reason: 'invalid_destination' as const, message });
}
