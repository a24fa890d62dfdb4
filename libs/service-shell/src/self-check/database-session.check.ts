import type { Database } from '@sluice/postgres';
import type { SelfCheck } from './self-checks.js';

const FOLLOWS = {
  'database-encoding':
    'Texts of customers are refused or changed, and the service does not start again.',
  'database-session':
    'Locks, notifications and settings reach other connections, and the service does not start again.',
} as const;

/** Repeats the checks of the start: the encoding of the database, and a pooler before it. */
export function databaseSessionCheck(database: Pick<Database, 'faults'>): SelfCheck {
  return {
    name: 'database session',
    look: async () => ({
      findings: (await database.faults()).map(({ code, wrong, remedy }) => ({
        code,
        wrong: sentence(wrong),
        follows: FOLLOWS[code],
        remedy: sentence(remedy),
      })),
    }),
  };
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
