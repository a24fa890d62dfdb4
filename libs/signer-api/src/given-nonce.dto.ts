import { ApiProperty } from '@nestjs/swagger';
import { FlagField, PatternField, TextField, TextListField, UuidField } from '@sluice/http-api';
import { SignatureDto } from './signature.dto.js';

/** More than this in one question are refused. */
export const MOST_ASKED = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Withdrawals that something is asked about. */
export class WithdrawalIdsDto {
  @TextListField(
    { isGood: (text) => UUID.test(text), expected: 'a withdrawal id', min: 1, max: MOST_ASKED },
    { description: `at most ${MOST_ASKED}` },
  )
  withdrawal_ids!: readonly string[];
}

/** The one nonce that a withdrawal has, and all that was ever signed for it. */
export class GivenNonceDto {
  @UuidField() withdrawal_id!: string;
  @PatternField(/^0x[0-9a-fA-F]{40}$/, 'an address') from!: string;
  @PatternField(/^\d+$/, 'a nonce as text') nonce!: string;
  /** Payments and voids, oldest first; none where the signer died before it had signed. */
  @ApiProperty({ type: [SignatureDto] }) transactions!: readonly SignatureDto[];
  /** Whether it was closed: its hold may be released, so that no payment of it may be sent any more. */
  @FlagField() closed!: boolean;
}

/** A withdrawal that no payment is signed for any more. */
export class ClosedWithdrawalDto {
  @UuidField() withdrawal_id!: string;
  /** Whether a nonce was given to it before it was closed: what was signed then may be paid by its chain. */
  @FlagField() signed!: boolean;
  /** The same for the ledger, under the key that it shares with the signer. */
  @TextField({ max: 256 }) statement!: string;
}
