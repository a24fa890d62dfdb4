import { isObject } from '@sluice/kernel';
import { CliError } from '../errors/errors.js';
import { command, listing } from '../language/command.js';
import { askBrowser } from '../passkeys/ask-browser.js';
import { cell } from '../render/text.js';

export const PASSKEYS = [
  command('passkey register', {
    help: `registers a passkey of the caller for the approval of payments
      Serves a page on this computer for five minutes: open the shown address.
      The passkey counts after the waiting time of the ledger (24 hours by default).`,
    call: async (_given, { ledger }, { announce, passkeyPort: port }) => {
      const { options } = await ledger.passkeyOptions();
      const { name, domain } = shownOf(options);
      const task = {
        title: 'Register a passkey',
        text: `person  ${name}\ndomain  ${domain}`,
        button: 'Make the passkey',
        mode: 'create' as const,
        options,
      };
      const registration = await askBrowser(task, { port, announce });
      return ledger.registerPasskey({ registration });
    },
    approval: 'ledger',
    text: () => [], // every registration waits for a second person
  }),
  listing('passkey list', {
    help: 'lists the passkeys of the approvers, also revoked ones',
    call: (_given, { ledger }) => ledger.passkeys(),
    columns:
      'credential_id as passkey, person, added_at as added, usable_at as counts from, approved_by, revoked_at as revoked',
    empty: 'there is no passkey',
  }),
  command('passkey revoke CREDENTIAL', {
    help: `revokes a passkey at once, and for good
      Votes by this passkey on payments that still wait are void.`,
    call: ({ CREDENTIAL }, { ledger }) => ledger.revokePasskey({ credential_id: CREDENTIAL }),
    text: ({ credential_id: id, person }) => `passkey ${cell(id)} of ${cell(person)} is revoked`,
  }),
];

/** The person and the domain that the new passkey belongs to. */
function shownOf(options: object) {
  const { user, rp, challenge } = options as Readonly<Record<string, unknown>>;
  if (!isObject(user) || !isObject(rp) || typeof challenge !== 'string')
    throw new CliError('the ledger answered without options for a passkey', 2);
  return { name: cell(user['name']), domain: cell(rp['id']) };
}
