import {
  loginPowers,
  missingRights,
  surplusRights,
  withPlatform,
  type DatabaseSchema,
  type Query,
} from '@sluice/postgres';
import { some } from './some.js';
import type { SelfCheckFinding, SelfCheck } from './self-checks.js';

const REMEDY =
  "Run this release's dist/migrate.js with the owner's login: it gives the service's login exactly its rights.";
const REWRITES = /^(UPDATE|DELETE|TRUNCATE) on (\w+)/;

/**
 * Compares the rights of the service's login with the table of granted rights used by the
 * migrations. Missing and surplus rights are findings.
 */
export function databaseRightsCheck(query: Query, schema: DatabaseSchema): SelfCheck {
  const { rights } = withPlatform(schema);
  return {
    name: 'database rights',
    look: async () => {
      const { attributes } = await loginPowers(query);
      // a superuser has every right and is reported separately
      const isAll = attributes.includes('SUPERUSER');
      return {
        findings: [
          ...tooFew(await missingRights(query, rights)),
          ...(isAll ? [] : tooMany(await surplusRights(query, rights), rights.tables)),
        ],
      };
    },
  };
}

function tooFew(missing: readonly string[]): readonly SelfCheckFinding[] {
  if (missing.length === 0) return [];
  return [
    {
      code: 'database-rights-missing',
      wrong: `The service's database login lacks ${some(missing)}.`,
      follows: 'Operations that need this right fail, and the service does not start again.',
      remedy: REMEDY,
    },
  ];
}

/**
 * Reports surplus rights. Rewritable evidence is worse than any other surplus right, and is
 * reported separately.
 */
function tooMany(
  surplus: readonly string[],
  tables: Readonly<Record<string, string>>,
): readonly SelfCheckFinding[] {
  const isEvidence = (right: string): boolean => {
    const table = REWRITES.exec(right)?.[2];
    return table !== undefined && /^(SELECT|INSERT|, )+$/.test(tables[table] ?? '');
  };
  const evidence = surplus.filter(isEvidence);
  const others = surplus.filter((right) => !isEvidence(right));
  return [
    ...(evidence.length === 0
      ? []
      : [
          {
            code: 'database-evidence-writable',
            wrong: `The service's database login has ${some(evidence)}, where rows are only ever added.`,
            follows: 'A thief of this service can rewrite history and evidence.',
            remedy: REMEDY,
          },
        ]),
    ...(others.length === 0
      ? []
      : [
          {
            code: 'database-rights-surplus',
            wrong: `The service's database login has ${some(others)}, which its code does not use.`,
            follows: 'A thief of this service can do more than the service does.',
            remedy: REMEDY,
          },
        ]),
  ];
}
