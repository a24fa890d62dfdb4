import { EXAMPLE_VENUE } from '@sluice/kernel';
import { ANY_NAME, isUuid, withdrawalId } from '../calls/find-withdrawal.js';
import { usageError } from '../errors/errors.js';
import { command, listing } from '../language/command.js';
import { defined } from '../language/usage.js';
import { facts, page, pageJson, table } from '../render/table.js';
import { postingTable } from '../render/withdrawal-report.js';

/** Later than any entry, regardless of clocks. */
const NOW = '9999-12-31T23:59:59Z';

export const LEDGER = [
  listing(
    'ledger balance --account A [--currency C] [--network N] [--at UTC] [--by recorded|effective]',
    {
      help: `shows the balances of an account by the ledger, now or at a past moment
        --account: id of an account, or a shared one, e.g. clearing:${EXAMPLE_VENUE}
        --at: balances at this time, UTC, e.g. 2026-11-20T08:00:00Z
        --by: time of an entry that counts for --at: time of booking (default), or time of effect
        A shared account has no balance of its own: the ledger adds up its postings.`,
      example: `--account clearing:${EXAMPLE_VENUE} --at 2026-11-20T08:00:00Z --by effective`,
      call: async ({ account, currency, network, at, by }, { ledger }) => {
        if (by !== undefined && at === undefined)
          throw usageError('--by selects the time for --at, and --at is missing');
        const query = defined({ by });
        const rows = !isUuid(account)
          ? await ledger.houseBalancesAt({ account, time: at ?? NOW }, query)
          : at === undefined
            ? await ledger.balances(account)
            : await ledger.balancesAt({ account_id: account, time: at }, query);
        return rows.filter(
          (row) =>
            (currency ?? row.currency) === row.currency && (network ?? row.network) === row.network,
        );
      },
      columns: 'asset, posted:right, held:right, available:right',
      empty: 'there is nothing to show',
    },
  ),
  command('ledger statement --account A [--limit 1..500] [--cursor C]', {
    help: `lists the bookings on an account, newest first
      Entries that are booked meanwhile do not move the pages.`,
    call: ({ account, ...query }, { ledger }) => ledger.statement(account, defined(query)),
    json: (answer) => pageJson(answer),
    text: ({ data, next_cursor }, style) => {
      const lines = data.map((one) => ({ ...one, of: one.withdrawal_id ?? one.reference }));
      return page(
        'recorded_at as recorded, effective_at as effective, kind, asset, amount:right, of as withdrawal or reference, entry_id as entry',
        'nothing was booked',
      )({ data: lines, next_cursor }, style);
    },
  }),
  command(
    'ledger holds --state placed|captured|released|expired|refused [--account A] [--limit 1..500] [--cursor C]',
    {
      help: `lists holds in one state, newest withdrawal first
        --state: state of the holds`,
      call: ({ state, account: account_id, ...query }, { ledger }) =>
        ledger.holds(defined({ state, account_id, ...query })),
      json: (answer) => pageJson(answer),
      text: (holds, style, { state }) =>
        page(
          'decided_at as decided, state:state, asset, amount:right, withdrawal_id as withdrawal, account_id as account, expires_at as expires, closed_at as ended, reason',
          `no hold is ${state}`,
        )(holds, style),
    },
  ),
  command('ledger entry ID', {
    help: 'shows a journal entry with its postings',
    call: ({ ID }, { ledger }) => ledger.entry(ID),
    text: (entry, style) => {
      const { ordered_by = null, approved_by = null, evidence = null } = entry.order ?? {};
      return [
        facts(
          'entry_id as entry, kind, account_id as account, withdrawal_id as withdrawal, reference, reverses, reason, effective_at as effective, recorded_at as recorded, ordered_by, approved_by, evidence',
          { ...entry, ordered_by, approved_by, evidence },
          style,
        ),
        '',
        table('account, asset, amount:right', entry.postings, style, 'it posts nothing'),
      ];
    },
  }),
  command('ledger entries --withdrawal W', {
    help: `lists the bookings of a withdrawal
      --withdrawal: ${ANY_NAME}`,
    call: async ({ withdrawal }, services) =>
      services.ledger.entriesOf(await withdrawalId(services, withdrawal)),
    text: (entries, style) =>
      postingTable(entries, style, 'nothing was booked for this withdrawal'),
  }),
  command(
    'ledger transfer --account A --from X --to Y --currency C --network N --amount D --reference R [--evidence TEXT]',
    {
      help: `moves money between own accounts; one reference does so once
        --account: id of the account whose business it is, e.g. 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11
        --from: debited account of the chart, e.g. clearing:${EXAMPLE_VENUE}, or "customer" for the account itself
        --to: credited account, e.g. clearing:bybit, or "customer"`,
      call: ({ account, from, to, currency, network, ...transfer }, { ledger }) => {
        const named = (side: string) => (side === 'customer' ? `customer:${account}` : side);
        const sides = { from: named(from), to: named(to), asset: `${currency}.${network}` };
        return ledger.transfer(account, defined({ ...sides, ...transfer }));
      },
      mayAwait: 'ledger',
      text: (transfer, style) =>
        facts(
          'moved, from, to, entry_id as entry, reference',
          { ...transfer, moved: `${transfer.amount} ${transfer.asset}` },
          style,
        ),
    },
  ),
  command('ledger reverse ID --reason TEXT [--lines venue_fee]', {
    help: `reverses a journal entry by a second entry; a repeat returns the first reversal
      The entry stays, and so does the state of the hold behind it.
      --lines: venue_fee takes back only the venue's fee of a capture; without the option, all other lines`,
    call: async ({ ID, reason, lines }, { ledger }) => {
      const { account_id } = await ledger.entry(ID);
      return ledger.reverse({ account_id, entry_id: ID }, defined({ reason, lines }));
    },
    mayAwait: 'ledger',
    text: (reversal, style) =>
      facts(
        'reverses as reversed, lines, entry_id as by entry, account_id as account, reason',
        { lines: null, ...reversal },
        style,
      ),
  }),
];
