import { foreignGrants, type Query } from '@sluice/postgres';
import { some } from './some.js';
import type { SelfCheckFinding, SelfCheck } from './self-checks.js';

/** Reports rights in the service's database held by logins other than the owner and the service. */
export function foreignGrantsCheck(query: Query): SelfCheck {
  return {
    name: "others' rights to the database",
    look: async () => {
      const byGrantee = Map.groupBy(await foreignGrants(query), ({ grantee }) => grantee);
      return {
        findings: [...byGrantee].map(([grantee, grants]) =>
          findingOf(
            grantee,
            grants.map(({ right }) => right),
          ),
        ),
      };
    },
  };
}

function findingOf(grantee: string | null, rights: readonly string[]): SelfCheckFinding {
  if (grantee === null)
    return {
      code: 'database-rights-public',
      wrong: `Every login of this PostgreSQL (PUBLIC) has ${some(rights)}.`,
      follows: "A thief of another service's login can reach this database.",
      remedy: 'REVOKE it FROM PUBLIC as the owner.',
    };
  return {
    code: 'database-rights-others',
    wrong: `The login ${grantee} has ${some(rights)}.`,
    follows: 'Only the service may write to its database: it trusts each row as its own.',
    remedy: `REVOKE it FROM ${grantee} as the owner; who only reads gets a copy of the database.`,
  };
}
