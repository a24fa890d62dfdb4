/**
 * SQL condition for a submission `s` covered by a permit of the auditor. The condition is part of
 * every claiming statement, like the condition of the halts. `permit`: placeholder of the permit
 * that this process has verified (`permitParameter`); null: nothing is covered. A later stored permit
 * with another cover applies at once in every instance.
 */
export function permittedSql(permit: string): string {
  return `
  ((SELECT (${permit}::jsonb ->> 'until')::timestamptz) > clock_timestamp()
   AND NOT EXISTS (SELECT FROM auditor_permit n WHERE n.number > (${permit}::jsonb ->> 'number')::bigint AND n.cover <> ${permit}::jsonb ->> 'cover')
   AND NOT (SELECT ${permit}::jsonb -> 'assets') ? s.asset
   AND NOT (SELECT ${permit}::jsonb -> 'accounts') ? s.account_id::text)`;
}

export const READ_PERMIT = 'SELECT permit FROM auditor_permit';

/**
 * Stores a verified permit, unless a later one is stored. `$4`: a stored permit to replace in any
 * case, because it does not count; null: none.
 */
export const STORE_PERMIT = `
  INSERT INTO auditor_permit AS p (number, permit, cover) VALUES ($1, $2, $3)
  ON CONFLICT (only_row) DO UPDATE
    SET number = EXCLUDED.number, permit = EXCLUDED.permit, cover = EXCLUDED.cover, stored_at = clock_timestamp()
  WHERE p.number < EXCLUDED.number OR p.permit = $4`;
