import type { Permission } from '@sluice/http-api';

/** Permissions of a key, as a person may give them. */
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
  'manage_addresses',
] as const satisfies readonly Permission[];
