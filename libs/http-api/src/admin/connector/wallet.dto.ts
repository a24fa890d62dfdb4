import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DecimalField,
  PatternField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

const NETWORK = /^[A-Z0-9_-]{1,32}$/;
const MOST = 1_000_000;

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const NULLABLE = { nullable: true } as const;

/** Path parameters of an address. */
export class WalletParams {
  @PatternField(NETWORK, 'a network') network!: string;
  @PatternField(ADDRESS, 'an address') address!: string;
}

/** Finding about a paused address; two people must send the same text. */
export class ResumeWalletDto {
  @TextField({ max: 900 }) evidence!: string;
}

/** Next nonce of a blocked address; two people must send the same value. */
export class PlaceNonceDto {
  /** Next nonce of the address according to the chain, as text. */
  @PatternField(/^(0|[1-9]\d{0,14})$/, 'a nonce as text, such as 17') next_nonce!: string;
  @TextField({ max: 900 }) evidence!: string;
}

export class PlacedNonceDto {
  @PatternField(NETWORK, 'a network') network!: string;
  @PatternField(ADDRESS, 'an address') address!: string;
  @TextField({}, { description: 'where its nonces go on, as text', example: '17' })
  next_nonce!: string;
}

/** Balance of an address in an asset, in units of the asset. */
class WalletFundsDto {
  @TextField({ max: 65 }) asset!: string;
  /** Balance according to the chain. */
  @DecimalField() balance!: string;
  /** Part of the balance possibly spent by transactions not yet in a block. */
  @DecimalField() under_way!: string;
}

/** Paying address of ours. */
export class WalletDto {
  @PatternField(NETWORK, 'a network') network!: string;
  @PatternField(ADDRESS, 'an address') address!: string;
  @ChoiceField(['hot', 'tank'], { description: 'pays withdrawals, or gas into those that do' })
  purpose!: string;
  @UuidField({ ...NULLABLE, description: 'it pays for this account alone' })
  account_id!: string | null;
  @TextField({}, { description: 'of its next transaction, as text', example: '17' })
  next_nonce!: string;
  @WholeNumberField(
    { min: 0, max: MOST },
    { description: 'signed or about to be, and in no block' },
  )
  waiting!: number;
  @WholeNumberField({ min: 0, max: MOST }, { description: 'in a block that is not final' })
  unconfirmed!: number;
  @TextField({ max: 1_000 }, { ...NULLABLE, description: 'why it sends nothing new' })
  paused_because!: string | null;
  @WholeNumberField(
    { min: 0, max: Number.MAX_SAFE_INTEGER },
    { ...NULLABLE, description: 'number of the last polled block' },
  )
  head!: number | null;
  @TimeField(NULLABLE) looked_at!: string | null;
  /** Balances; empty while the chain cannot be read. */
  @ApiProperty({ type: [WalletFundsDto] }) funds!: readonly WalletFundsDto[];
}
