import { ApiProperty } from '@nestjs/swagger';
import { PatternField, TextListField, UuidField } from '@sluice/http-api';
import { SignatureDto } from './signature.dto.js';

/** More than this in one question are refused. */
export const MOST_ASKED = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Which nonces were given to these withdrawals. */
export class GivenNoncesQueryDto {
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
}
