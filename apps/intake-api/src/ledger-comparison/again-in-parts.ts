import type { WithdrawalAgainDto } from '@sluice/http-api';

/** Bytes of the withdrawals in one call: the ledger reads bodies of at most 64 KiB. */
const MOST_BYTES = 60_000;
/** Characters of one command's data, as the ledger accepts them. */
const LONGEST_DATA = 30_000;

interface AgainInParts {
  /** Withdrawals in the given order, each part for one call. */
  readonly parts: readonly (readonly WithdrawalAgainDto[])[];
  /** Ids of withdrawals too large for a call, for example because of a long signed body. */
  readonly tooLarge: readonly string[];
}

export function againInParts(withdrawals: readonly WithdrawalAgainDto[]): AgainInParts {
  const parts: WithdrawalAgainDto[][] = [];
  const tooLarge: string[] = [];
  let capacity = 0;
  for (const one of withdrawals) {
    const bytes = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > MOST_BYTES || one.commands.some(({ data }) => data.length > LONGEST_DATA)) {
      tooLarge.push(one.withdrawal_id);
      continue;
    }
    if (bytes > capacity) {
      parts.push([]);
      capacity = MOST_BYTES;
    }
    parts.at(-1)?.push(one);
    capacity -= bytes;
  }
  return { parts, tooLarge };
}
