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
import { AssetField } from '../ledger/ledger-fields.js';

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

/** Trial of a transfer from our own wallet for an account. */
export class TryTransferDto {
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @TextField({}, { description: 'the address of the recipient' }) to_address!: string;
  @DecimalField({ moreThanZero: true }) amount!: string;
}

const TRIAL_OUTCOMES = ['works', 'refused', 'unknown'] as const;

export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number];

/**
 * Present result of the transfer according to the chain. The trial signs, sends and reserves no
 * transaction.
 */
export class TransferTrialDto {
  @ChoiceField(TRIAL_OUTCOMES, {
    description:
      'refused: the recipient or the token refuses it, or it needs more gas than a payment may use; unknown: it could not be tried',
  })
  outcome!: TrialOutcome;
  @TextField({}, { nullable: true, description: 'the stable reason of a refusal' })
  reason!: string | null;
  @TextField({ max: 1_000 }, { nullable: true, description: 'why it is refused or unknown' })
  message!: string | null;
}
