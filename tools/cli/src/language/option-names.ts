import type { Usage } from './usage.js';

/** Option of a field of the admin APIs, where the option has another name; for all commands. */
export const OPTION_OF_FIELD: Readonly<Record<string, string>> = {
  account_id: 'account',
  allowed_ips: 'allow-ip',
  client_reference: 'reference',
  contract_address: 'contract',
  decision: 'as',
  details: 'because',
  effective_at: 'from',
  expires_in_days: 'expires',
  freeze_id: 'case',
  keys_share_references: 'share-references',
  max_amount: 'max',
  min_amount: 'min',
  min_withdrawal_amount: 'min',
  next_nonce: 'next',
  overlap_seconds: 'overlap',
  policy: 'file',
  rate_limit_per_min: 'rate-limit',
  requires_reference: 'require-reference',
  submit_within_ms: 'submit-within',
  unit_worth_eur: 'worth-eur',
  withdrawal_enabled: 'enabled',
  withdrawal_fee_flat: 'fee-flat',
  withdrawal_fee_percent: 'fee-percent',
  withdrawal_id: 'withdrawal',
};

/** A field before its fault, such as `venues.0.min_amount: `, or a name with an underscore in a text. */
const FIELD = /(?<=^|[;:] )(?:[a-z0-9_]+\.)*([a-z][a-z_]*)(?=: )|\b([a-z]+(?:_[a-z]+)+)\b/g;

/**
 * Names the options of a command in a refusal of a service, instead of the fields of its API: a
 * person has typed `--allow-ip`, and not `allowed_ips`. Other names stay.
 */
export function inOptions({ options, operands }: Usage, message: string): string {
  const labels = new Map([
    ...options.map(({ name }) => [name, `--${name}`] as const),
    ...operands.map(({ name }) => [name.toLowerCase().replaceAll('_', '-'), name] as const),
  ]);
  return message.replace(FIELD, (text, before?: string, inside?: string) => {
    const field = before ?? inside ?? '';
    return labels.get(OPTION_OF_FIELD[field] ?? field.replaceAll('_', '-')) ?? text;
  });
}
