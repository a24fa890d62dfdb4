import { classOfNodeError, leastFeesIn, saysRevert } from './node-errors.js';

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
    ['already_known', '-32000 INTERNAL_ERROR: existing tx with same hash'],
    ['underpriced', '-32000 INTERNAL_ERROR: ReplacementNotAllowed'],
    ['underpriced', '-32000 INTERNAL_ERROR: could not replace existing tx'],
    ['underpriced', '-32010 FeeTooLowToCompete'],
    ['underpriced', '-32000 transaction underpriced: tip needed 1500000000, tip permitted 1'],
    ['underpriced', '-32000 Priority fee per gas below configured minimum'],
    ['underpriced', '-32010 Transaction gas price supplied is too low (have: 0, minimal: 1000)'],
    ['underpriced', '-32009 Gas price 1 is below configured minimum gas price 710000000000'],
    ['underpriced', '-32000 TRANSACTION_REPLACEMENT_UNDERPRICED'],
    ['underpriced', '-32000 insufficient fee: got: 1 required: 25'],
    ['underpriced', '-32000 GAS_PRICE_BELOW_CURRENT_BASE_FEE'],
    ['underpriced', '-32010 There are too many of this sender. Try increasing the fee.'],
    ['crowded', '-32000 in-flight transaction limit reached for delegated accounts'],
    ['crowded', '-32000 gapped-nonce tx from delegated accounts'],
    ['crowded', '-32000 txpool is full'],
    ['crowded', '-32000 transaction discarded outright due to pool size constraints'],
    ['insufficient_funds', '-32004 Upfront cost exceeds account balance'],
    ['invalid', '-32000 tx fee (1.50 ether) exceeds the configured cap (1.00 ether)'],
    ['invalid', '-32000 transaction type not supported'],
    ['invalid', '-32000 unknown transaction type 5'],
    ['invalid', '-32000 only replay-protected (EIP-155) transactions allowed over RPC'],
    ['invalid', '-32000 exceeds block gas limit'],
    ['invalid', '-32000 sender not an eoa: address 0x7b, len(code): 23'],
    ['invalid', '-32000 INVALID_TRANSACTION_TYPE'],
    ['unclear', '-32005 daily request count exceeded, request rate limited'],
    ['unclear', '-32603 Internal error'],
    ['unclear', ''],
  ] as const)('is %s: %s', (meant, message) => {
    expect(classOfNodeError(message)).toBe(meant);
  });
});

describe('the least fees that a refusal names', () => {
  const GWEI = 1_000_000_000n;

  it.each([
    ['transaction underpriced: gas tip cap 1, minimum needed 25000000000', 0n, 25n * GWEI],
    ['transaction gas price below minimum: minimum needed 30000000000', 0n, 30n * GWEI],
    ["Gas price '1' is below configured minimum gas price '710'", 710n, 0n],
    ['minimum needed 30000000000', 0n, 30n * GWEI],
    ['transaction underpriced: tip needed 1500000000, tip permitted 2', 0n, 1_500_000_000n],
    [
      'max fee per gas less than block base fee: address 0x70997970c51812dc3a010c7d01b50e0d17dc79c8, maxFeePerGas: 1, baseFee: 875000000',
      875_000_000n,
      0n,
    ],
    ['FeeTooLow, FeePerGas needs to be higher than 7 to be added. FeePerGas of tx: 5', 7n, 0n],
    [
      'A gasPrice/maxFeePerGas of at least 12.1 gwei and maxPriorityFeePerGas of at least 1.1 gwei is necessary to replace the existing transaction with nonce 9999999999999',
      12_100_000_000n,
      1_100_000_000n,
    ],
    ['have gas fee cap (1) < pool minimum fee cap (25,000,000,000)', 25n * GWEI, 0n],
    ['new tx gas tip cap 1 <= 2000 queued', 0n, 2_000n],
    ['gas price too low: 1 wei, use at least tx.gasPrice = 15000000 wei', 15_000_000n, 0n],
    ['insufficient fee: got: 1aphoton required: 25aphoton: insufficient fee', 25n, 0n],
    ['priority fee below minimum required priority fee 0x3b9aca00', 0n, GWEI],
    ['replacement transaction underpriced', 0n, 0n],
    ['in-flight transaction limit 3 reached', 0n, 0n],
    ['', 0n, 0n],
  ])('are read: %s', (message, maxFeePerGas, maxPriorityFeePerGas) => {
    expect(leastFeesIn(message)).toEqual({ maxFeePerGas, maxPriorityFeePerGas });
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
