import { classOfNodeError, saysRevert } from './node-errors.js';

describe('what a node answers to a raw transaction', () => {
  // Of anvil 1.7.1, hardhat 2 and 3, ganache 7 (measured), geth, Erigon, Nethermind, Besu and Reth (their sources).
  it.each([
    ['already_known', '-32003 transaction already imported'],
    ['already_known', '-32000 Known transaction: 0x7b'],
    ['already_known', '-32000 already known'],
    ['already_known', '-32010 AlreadyKnown'],
    ['already_known', '-32000 ALREADY_EXISTS: already known'],
    ['nonce_too_low', '-32003 nonce too low'],
    ['nonce_too_low', '-32000 Nonce too low. Expected nonce to be 5 but got 4.'],
    ['nonce_too_low', '-32000 nonce too low: next nonce 7, tx nonce 6'],
    ['nonce_too_low', '-32010 OldNonce'],
    ['nonce_too_high', '-32000 Nonce too high. Expected nonce to be 5 but got 9.'],
    ['nonce_too_high', '-32010 NonceGap'],
    ['underpriced', '-32003 transaction underpriced'],
    ['underpriced', '-32000 replacement transaction underpriced'],
    ['underpriced', '-32003 max fee per gas less than block base fee'],
    ['underpriced', '-32000 Transaction maxFeePerGas (1) is too low for the next block'],
    ['underpriced', '-32000 transaction gas price below minimum: gas tip cap 1, minimum needed 25'],
    ['underpriced', '-32000 Gas price below configured minimum gas price'],
    ['underpriced', '-32010 FeeTooLow, FeePerGas needs to be higher than 7'],
    ['insufficient_funds', '-32003 Insufficient funds for gas * price + value'],
    ['insufficient_funds', "-32000 Sender doesn't have enough funds to send tx."],
    ['insufficient_funds', '-32000 insufficient funds for gas * price + value: balance 0'],
    ['insufficient_funds', '-32010 InsufficientFunds, Account balance: 0'],
    ['invalid', '-32003 invalid chain id for signer'],
    ['invalid', '-32602 Trying to send a raw transaction with an invalid chainId.'],
    ['invalid', '-32000 Invalid chain id (1) for chain with id 31337.'],
    ['invalid', '-32000 intrinsic gas too low'],
    ['invalid', '-32000 Transaction requires at least 21000 gas but got 20000'],
    ['invalid', '-32000 max priority fee per gas higher than max fee per gas'],
    ['invalid', '-32602 Failed to decode transaction'],
    ['unclear', '-32005 daily request count exceeded, request rate limited'],
    ['unclear', '-32603 Internal error'],
    ['unclear', ''],
  ] as const)('is %s: %s', (meant, message) => {
    expect(classOfNodeError(message)).toBe(meant);
  });
});

describe('what a node answers to an estimate', () => {
  it.each([
    ['3 execution reverted', true],
    ['-32000 execution reverted: shut', true],
    [
      "-32603 Error: VM Exception while processing transaction: reverted with reason string 'shut'",
      true,
    ],
    ['-32015 VM execution error', true],
    ['-32000 header not found', false],
    ['-32005 rate limited', false],
  ])('is classified as a revert or not: %s', (message, reverts) => {
    expect(saysRevert(message)).toBe(reverts);
  });
});
