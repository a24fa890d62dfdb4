import {
  type Database,
  DATABASE_CLOCK_LIMIT_MS,
  type DatabaseSchema,
  foreignGrants,
  loginPowers,
  missingRights,
  type Query,
  surplusRights,
  withPlatform,
} from '@sluice/postgres';
import type { SelfCheck, SelfCheckFinding } from './self-checks.js';

const REMEDY =
  'Give the service a login of its own that owns nothing, and run its dist/migrate.js as the owner.';

/** Attributes, memberships and ownership of the login, beyond GRANTs. */
export function databaseLoginCheck(query: Query): SelfCheck {
  return {
    name: 'database login',
    look: async () => {
      const { login, attributes, memberOf, owns } = await loginPowers(query);
      const finding = (code: string, wrong: string, follows: string): SelfCheckFinding => ({
        code,
        wrong,
        follows,
        remedy: REMEDY,
      });
      return {
        findings: [
          ...(attributes.length === 0
            ? []
            : [
                finding(
                  'database-login-powerful',
                  `The database login ${login} is ${attributes.join(', ')}.`,
                  'A thief of this service can rewrite insert-only tables and reach the data of other services.',
                ),
              ]),
          ...(owns.length === 0
            ? []
            : [
                finding(
                  'database-login-owns',
                  `The database login ${login} owns ${some(owns)}.`,
                  'An owner may change and delete everything there, whatever it was granted.',
                ),
              ]),
          ...(memberOf.length === 0
            ? []
            : [
                finding(
                  'database-login-member',
                  `The database login ${login} is a member of ${some(memberOf)}.`,
                  'The login has the rights of these roles in addition to the rights that its service needs.',
                ),
              ]),
        ],
      };
    },
  };
}

const RIGHTS_REMEDY =
  "Run this release's dist/migrate.js with the owner's login: it gives the service's login exactly its rights.";
const REWRITES = /^(UPDATE|DELETE|TRUNCATE) on (\w+)/;

/** Rights of the login against the migrations' table; missing and surplus ones are findings. */
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
      remedy: RIGHTS_REMEDY,
    },
  ];
}

/** Surplus rights; rewritable evidence is worst, and reported separately. */
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
            remedy: RIGHTS_REMEDY,
          },
        ]),
    ...(others.length === 0
      ? []
      : [
          {
            code: 'database-rights-surplus',
            wrong: `The service's database login has ${some(others)}, which its code does not use.`,
            follows: 'A thief of this service can do more than the service does.',
            remedy: RIGHTS_REMEDY,
          },
        ]),
  ];
}

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

interface ComparedClock {
  processIsAheadMs(): number | null;
}

/** Compares the clock of this machine with the clock of the database. */
export function databaseClockCheck(clock: ComparedClock): SelfCheck {
  return {
    name: 'clock',
    look: async () => {
      const aheadMs = clock.processIsAheadMs() ?? 0;
      if (Math.abs(aheadMs) <= DATABASE_CLOCK_LIMIT_MS) return {};
      const side = aheadMs > 0 ? 'ahead of' : 'behind';
      return {
        findings: [
          {
            code: 'clock-database',
            wrong: `The clock of this service's machine is ${(Math.abs(aheadMs) / 1_000).toFixed(1)} s ${side} that of its database.`,
            follows:
              'The service is unready until they agree: one of the two machines has a wrong time.',
            remedy: 'Check the time synchronisation (NTP) of both machines.',
          },
        ],
      };
    },
  };
}

const NAMED = 5;

/** Lists the first names and the number of further names. */
function some(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
