import { ApiProperty } from '@nestjs/swagger';
import { TextField, TextListField, TimeField, WholeNumberField } from '@sluice/http-api';
import { isIpRule } from './ip-rule.js';

/** What a key may do; the names are the public contract's. */
export const PERMISSIONS = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'list_currencies',
  'list_transactions',
  'request_withdrawal_funding_address',
  'request_deposit_address',
  'read_deposit_status',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const isPermission = (text: string): boolean => PERMISSIONS.some((known) => known === text);

/** The path of one key. */
export class ApiKeyParams {
  @TextField() key_id!: string;
}

export class CreateApiKeyDto {
  @TextField({}, { optional: true, description: 'what it is for' }) label?: string | null;
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
    { isGood: isIpRule, expected: 'an IP address or CIDR range' },
    { optional: true, description: 'from where it may be used; from anywhere unless told' },
  )
  allowed_ips?: readonly string[] | null;
}

class ApiKeyLimitsDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ enum: PERMISSIONS, isArray: true }) permissions!: readonly string[];
  @WholeNumberField({ min: 1, max: 2_000_000_000 }) rate_limit_per_min!: number;
  @ApiProperty({ type: [String] }) allowed_ips!: readonly string[];
}

/** The one answer that has the secret. */
export class CreatedApiKeyDto extends ApiKeyLimitsDto {
  @TextField() secret!: string;
}

export class ApiKeyDto extends ApiKeyLimitsDto {
  @TextField() label!: string;
  @TimeField() created_at!: string;
  @TimeField({ optional: true }) revoked_at!: string | null;
}

export class RevokedApiKeyDto {
  @TextField({ max: 64 }) key_id!: string;
  @ApiProperty({ enum: [true] }) revoked!: true;
}
