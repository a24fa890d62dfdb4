import { ApiProperty } from '@nestjs/swagger';
import { FlagField, PatternField, TextField, TextListField, UuidField } from '@sluice/http-api';
import { SignatureDto } from './signature.dto.js';

/** Maximum withdrawals per request; the signer refuses a longer list. */
export const MOST_ASKED = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Withdrawals to query or close. */
export class WithdrawalIdsDto {
  @TextListField(
    { isGood: (text) => UUID.test(text), expected: 'a withdrawal id', min: 1, max: MOST_ASKED },
    { description: `at most ${MOST_ASKED}` },
  )
  withdrawal_ids!: readonly string[];
}

/** The nonce assigned to a withdrawal, and all transactions signed for the withdrawal. */
export class GivenNonceDto {
  @UuidField() withdrawal_id!: string;
  @PatternField(/^0x[0-9a-fA-F]{40}$/, 'an address') from!: string;
  @PatternField(/^\d+$/, 'a nonce as text') nonce!: string;
  /** Payments and voids, oldest first; empty if the signer crashed before signing. */
  @ApiProperty({ type: [SignatureDto] }) transactions!: readonly SignatureDto[];
  /**
   * True if the withdrawal is closed: the hold may be released, therefore no payment of the
   * withdrawal may be sent any more.
   */
  @FlagField() closed!: boolean;
}

/** A closed withdrawal: the signer signs no more payments for this withdrawal. */
export class ClosedWithdrawalDto {
  @UuidField() withdrawal_id!: string;
  /**
   * True if the withdrawal got a nonce before it was closed: the chain may still pay an earlier
   * signed transaction.
   */
  @FlagField() signed!: boolean;
  /** The same statement for the ledger, under the key shared by ledger and signer. */
  @TextField({ max: 256 }) statement!: string;
}
