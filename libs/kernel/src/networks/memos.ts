import { identifierFault } from '../text/visible-text.js';

/** Memo of a transfer: the tag, memo or comment by which a recipient knows an own customer. */
export interface MemoRule {
  readonly memo: 'never' | 'optional' | 'required';
  /** Returns the reason why a text is not a memo of the network. */
  readonly fault: (memo: string) => string | null;
}

const MOST_UINT32 = 4_294_967_295n;
const MOST_UINT64 = 18_446_744_073_709_551_615n;

export const NO_MEMO: MemoRule = { memo: 'never', fault: () => null };

/** A destination tag of the XRP Ledger. */
export const TAG: MemoRule = {
  memo: 'optional',
  fault: (memo) =>
    /^(0|[1-9]\d{0,9})$/.test(memo) && BigInt(memo) <= MOST_UINT32
      ? null
      : `Input should be a whole number of 0 to ${MOST_UINT32}, without leading zeros`,
};

/** Stellar's three forms: a text of 28 bytes, an id, or a hash. */
export const STELLAR_MEMO: MemoRule = {
  memo: 'optional',
  fault: (memo) => {
    if (/^[0-9a-fA-F]{64}$/.test(memo)) return null;
    if (/^\d+$/.test(memo) && BigInt(memo) > MOST_UINT64)
      return `Input should be at most ${MOST_UINT64}`;
    return textFault(memo, 28);
  },
};

export const TON_COMMENT: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 120) };
export const COSMOS_MEMO: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 256) };
/** The grammar is not known. */
export const ANY_MEMO: MemoRule = { memo: 'optional', fault: (memo) => textFault(memo, 256) };

function textFault(memo: string, mostBytes: number): string | null {
  const fault = identifierFault(memo);
  if (fault !== null) return fault;
  return new TextEncoder().encode(memo).length > mostBytes
    ? `Input should have at most ${mostBytes} bytes`
    : null;
}
