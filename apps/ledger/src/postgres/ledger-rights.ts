import { platformGrants } from '@sluice/postgres';

/** Rows that live: the service changes them and takes them away. */
const LIVING = [
  'account',
  'account_freeze',
  'balance',
  'hold',
  'chain_head',
  'shared_sum',
  'shared_day',
];
/** What only grows. */
const GROWING = [
  'journal_entry',
  'posting',
  'chain_link',
  'entry_key',
  'checkpoint',
  'checkpoint_head',
  'checkpoint_balance',
];

/** What the running service may do in tables that it does not own; everything else it may not. */
export function ledgerRights(role: string): readonly string[] {
  return [
    ...platformGrants(role),
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${LIVING.join(', ')} TO ${role}`,
    `GRANT SELECT, INSERT ON ${GROWING.join(', ')} TO ${role}`,
    `GRANT SELECT ON journal_entry_default, posting_default TO ${role}`,
    `GRANT EXECUTE ON FUNCTION detach_journal(timestamptz) TO ${role}`,
  ];
}
