import { command, listing } from '../language/command.js';
import { defined } from '../language/usage.js';
import { facts, table } from '../render/table.js';
import { cell } from '../render/text.js';

export const ACCOUNTS = [
  command('account create --name N [--share-references] [--require-reference yes|no]', {
    help: `opens an account
      --name: name for people, e.g. treasury
      --share-references: one client_reference is good once for all of its keys; otherwise once for each. Permanent`,
    call: ({ name, share_references, require_reference }, { intake }) =>
      intake.createAccount({
        name,
        ...(share_references && { keys_share_references: true }),
        ...(require_reference && { requires_reference: true }),
      }),
    text: (account, style) => [
      facts('account_id as account, name', account, style),
      style.dim(
        `next: sluice key create --account ${cell(account.account_id)} --permissions withdraw,read_balance,read_withdrawal_status --allow-ip CIDR`,
      ),
    ],
  }),
  listing('account list', {
    help: 'lists the accounts',
    call: (_given, { intake }) => intake.accounts(),
    columns: 'account_id as account, name, keys:right, created_at as created',
    empty: 'there is no account yet: sluice account create --name N',
  }),
  command('account set --account A --require-reference yes|no', {
    help: 'sets whether an account accepts withdrawals without a client_reference',
    call: ({ account, require_reference: requires_reference }, { intake }) =>
      intake.setAccount(account, { requires_reference }),
    text: ({ requires_reference: isRequired }) =>
      `withdrawals without a client_reference are ${isRequired ? 'refused' : 'taken'}`,
  }),
  command('account freeze --account A --case K --reason TEXT', {
    help: `stops new holds on an account; existing holds end normally
      A case freezes an account once: after it was lifted it is refused, and another has to be named.`,
    call: ({ account, case: freeze_id, reason }, { ledger }) =>
      ledger.freeze(account, { freeze_id, reason }),
    text: ({ account_id: account, freeze_id: id }) =>
      `account ${cell(account)} is frozen by ${cell(id)}`,
  }),
  command('account unfreeze --account A --case K', {
    help: 'lifts one freeze of an account; it stays frozen while another is in force',
    missing: '"sluice account freezes" shows them',
    call: ({ account: account_id, case: freeze_id }, { ledger }) =>
      ledger.liftFreeze({ account_id, freeze_id }),
    text: ({ account_id: account, freeze_id: id }) =>
      `the freeze ${cell(id)} of account ${cell(account)} is lifted`,
  }),
  listing('account freezes', {
    help: 'lists the freezes that are in force',
    call: (_given, { ledger }) => ledger.freezes(),
    columns: 'account_id as account, freeze_id as case, reason, frozen_at as since',
    empty: 'no account is frozen',
  }),
  command('fund --account A --currency C --network N --amount D --reference R [--evidence TEXT]', {
    help: 'credits an account; one reference does so once',
    call: ({ account, ...funding }, { intake }) => intake.fund(account, defined(funding)),
    mayAwait: 'ledger',
    text: ({ amount, asset, ...entry }, style) =>
      facts(
        'credited, account_id as account, entry_id as entry, reference',
        { ...entry, credited: `${amount} ${asset}` },
        style,
      ),
  }),
  command('balances --account A', {
    help: 'shows total, held and available amounts of an account',
    call: async ({ account }, { intake, ledger }) => ({
      rows: await intake.balances(account),
      frozen: (await ledger.freezes()).filter(({ account_id: of }) => of === account),
    }),
    json: ({ rows }) => rows,
    text: ({ rows, frozen }, style) => [
      table(
        'currency.network as asset, balance:right, held:right, available:right',
        rows,
        style,
        'nothing has arrived on this account: sluice fund',
      ),
      frozen.length > 0 &&
        style.doubtful(`frozen by ${cell(frozen.map(({ freeze_id: id }) => id))}`),
    ],
  }),
];
