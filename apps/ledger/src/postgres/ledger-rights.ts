import { platformGrants } from '@sluice/postgres';

/** Tables whose rows the service updates and deletes. */
const MUTABLE = [
  'account',
  'account_freeze',
  'balance',
  'hold',
  'chain_head',
  'book_halt',
  'shared_sum',
  'shared_day',
];
/** Tables into which the service may only insert. */
const APPEND_ONLY = [
  'journal_entry',
  'posting',
  'chain_link',
  'entry_key',
  'checkpoint',
  'checkpoint_head',
  'checkpoint_balance',
  'checkpoint_seal',
];

/** What the running service may do in tables that it does not own; everything else it may not. */
export function ledgerRights(role: string): readonly string[] {
  return [
    ...platformGrants(role),
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${MUTABLE.join(', ')} TO ${role}`,
    `GRANT SELECT, INSERT ON ${APPEND_ONLY.join(', ')} TO ${role}`,
    `GRANT SELECT ON journal_entry_default, posting_default TO ${role}`,
    `GRANT EXECUTE ON FUNCTION detach_journal(timestamptz) TO ${role}`,
  ];
}
