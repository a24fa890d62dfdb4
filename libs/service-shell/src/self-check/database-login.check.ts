import { loginPowers, type Query } from '@sluice/postgres';
import { some } from './some.js';
import type { SelfCheckFinding, SelfCheck } from './self-checks.js';

const REMEDY =
  'Give the service a login of its own that owns nothing, and run its dist/migrate.js as the owner.';

/**
 * Checks the powers of the service's login beyond GRANTs: attributes, memberships and ownership.
 */
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
