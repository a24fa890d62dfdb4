import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  FlagField,
  TextField,
  TextListField,
  TimeField,
  WholeNumberField,
} from '@sluice/http-api';
import { isIpRule } from './ip-rule.js';

/** What a key may do; the names are the public contract's, but for the last one, which is ours. */
export const PERMISSIONS = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'list_currencies',
  'list_transactions',
  'request_withdrawal_funding_address',
  'request_deposit_address',
  'read_deposit_status',
  'manage_webhooks',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** How requests are signed: with a secret that we have too, or with a key that its customer alone has. */
export const KEY_ALGORITHMS = ['hmac-sha256', 'ed25519'] as const;
export type KeyAlgorithm = (typeof KEY_ALGORITHMS)[number];

const isPermission = (text: string): boolean => PERMISSIONS.some((known) => known === text);

/** The path of one key. */
export class ApiKeyParams {
  @TextField() key_id!: string;
}

export class CreateApiKeyDto {
  @TextField({}, { optional: true, description: 'what it is for' }) label?: string | null;
  @ChoiceField(KEY_ALGORITHMS, { optional: true, description: 'hmac-sha256 unless told' })
  algorithm?: KeyAlgorithm | null;
  @TextField(
    {},
    {
      optional: true,
      description: 'of an ed25519 key: SPKI in base64, the line inside of its PEM',
    },
  )
  public_key?: string | null;
  @TextListField(
    { isGood: isPermission, expected: `one of ${PERMISSIONS.join(', ')}` },
    { optional: true, description: 'what it may do; nothing unless told' },
  )
  permissions?: readonly Permission[] | null;
  @WholeNumberField(
    { min: 1, max: 2_000_000_000 },
    { optional: true, description: 'requests per minute; 60 unless told' },
  )
  rate_limit_per_min?: number | null;
  @TextListField(
    { isGood: isIpRule, expected: 'an IP address or CIDR range of at most /8 (IPv6: /16)' },
    {
      optional: true,
      description: 'from where it may be used; a key that may withdraw has to say',
    },
  )
  allowed_ips?: readonly string[] | null;
  @FlagField({ optional: true, description: 'a key that may withdraw works from any address' })
  any_address?: boolean | null;
  @WholeNumberField(
    { min: 0, max: 3_650 },
    {
      optional: true,
      description: '0: never; unless told 90 for a key that may withdraw, and never for another',
    },
  )
  expires_in_days?: number | null;
}

export class RotateApiKeyDto {
  @TextField({}, { optional: true, description: 'the next one of an ed25519 key' })
  public_key?: string | null;
  @WholeNumberField(
    { min: 0, max: 2_592_000 },
    { optional: true, description: 'how long both secrets are good; a day unless told' },
  )
  overlap_seconds?: number | null;
  @WholeNumberField(
    { min: 0, max: 3_650 },
    { optional: true, description: '0: never; unless told as for a new key, or never as before' },
  )
  expires_in_days?: number | null;
}

class ApiKeyLimitsDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ enum: PERMISSIONS, isArray: true }) permissions!: readonly string[];
  @WholeNumberField({ min: 1, max: 2_000_000_000 }) rate_limit_per_min!: number;
  @ApiProperty({ type: [String] }) allowed_ips!: readonly string[];
  @TimeField({ optional: true }) expires_at!: string | null;
}

/** The one answer that has the secret; null for an Ed25519 key, whose secret half was never here. */
export class CreatedApiKeyDto extends ApiKeyLimitsDto {
  @ChoiceField(KEY_ALGORITHMS) algorithm!: KeyAlgorithm;
  @TextField({}, { optional: true }) secret!: string | null;
  @TextField({}, { optional: true }) public_key!: string | null;
  @TextField({}, { optional: true }) warning!: string | null;
}

/** The other answer that has a secret. */
export class RotatedApiKeyDto {
  @TextField({ max: 64 }) key_id!: string;
  @TextField({}, { optional: true }) secret!: string | null;
  @TextField({}, { optional: true }) public_key!: string | null;
  /** Until then the secret of before is good as well. */
  @TimeField({ optional: true }) overlap_until!: string | null;
  @TimeField({ optional: true }) expires_at!: string | null;
}

export class ApiKeyDto extends ApiKeyLimitsDto {
  @TextField() label!: string;
  @ChoiceField(KEY_ALGORITHMS) algorithm!: KeyAlgorithm;
  @TimeField() created_at!: string;
  @TimeField({ nullable: true, description: 'to the minute; null: never' })
  last_used_at!: string | null;
  @TimeField({ optional: true }) overlap_until!: string | null;
  @TimeField({ optional: true }) revoked_at!: string | null;
}

export class RevokedApiKeyDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ type: Boolean }) revoked!: true;
}

/** What became of keys that another SECRETS_KEK had sealed. */
export class RewrappedKeysDto {
  @WholeNumberField({ min: 0, max: 2_000_000_000 }) sealed!: number;
  /** Those that do not open, and are refused. */
  @ApiProperty({ type: [String] }) refused!: readonly string[];
}
