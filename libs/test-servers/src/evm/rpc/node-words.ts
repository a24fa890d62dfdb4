/** Refusals of a raw transaction, in the words of geth, Erigon, Nethermind, Besu, Reth and Bor. */
export const NODE_REFUSALS = {
  underpriced: [
    'transaction underpriced',
    'replacement transaction underpriced',
    'max fee per gas less than block base fee',
    'INTERNAL_ERROR: ReplacementNotAllowed',
    'INTERNAL_ERROR: could not replace existing tx',
    'FeeTooLow, FeePerGas needs to be higher than 7 to be added to the TxPool',
    'Gas price below configured minimum gas price',
  ],
  crowded: ['txpool is full', 'in-flight transaction limit reached for delegated accounts'],
  insufficient_funds: ['insufficient funds for gas * price + value'],
  invalid: ['invalid sender', 'transaction type not supported', 'exceeds block gas limit'],
} as const;

type Written = Readonly<Record<string, unknown>>;

/** Receipts with gaps, as real nodes write these. */
export const RECEIPT_GAPS: Readonly<Record<string, (receipt: Written) => unknown>> = {
  'no gas price': (receipt) => ({ ...receipt, effectiveGasPrice: null }),
  'no gas': (receipt) => ({ ...receipt, gasUsed: null }),
  'a root in place of a status': (receipt) => ({
    ...receipt,
    status: null,
    root: receipt['blockHash'],
  }),
  'a number as status': (receipt) => ({ ...receipt, status: Number(receipt['status']) }),
  'text as status': (receipt) => ({ ...receipt, status: String(Number(receipt['status'])) }),
  'no logs': (receipt) => ({ ...receipt, logs: null }),
  'no block hash': (receipt) => ({ ...receipt, blockHash: null }),
  'no block number': (receipt) => ({ ...receipt, blockNumber: undefined }),
  'no sender': (receipt) => ({ ...receipt, from: undefined }),
  'no index': (receipt) => ({ ...receipt, transactionIndex: undefined }),
};
