import { readFileSync } from 'node:fs';
import type {
  ChainHeadDto,
  InvariantReportDto,
  LedgerDifferencesDto,
  ProofDto,
} from '@sluice/http-api';
import { isChainHeadSignedBy } from '@sluice/signing';
import { tried } from '../calls/admin-faults.js';
import { CliError, usageError } from '../errors/errors.js';
import { command } from '../language/command.js';
import { table } from '../render/table.js';
import { cell } from '../render/text.js';
import type { Services } from '../calls/services.js';

export const BOOK = [
  command('invariants check', {
    help: `has every service check its invariants
      Exit code 1 when an invariant is violated, 2 when a service does not answer: then nothing is proven.`,
    call: async (_given, services, { run }) => {
      const asked = await Promise.all(
        services.names().map((service) => tried(run, () => invariantsOf(services, service))),
      );
      const reports = asked.flatMap((answer) => (answer.ok ? [answer.value] : []));
      const faults = asked.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
      const document = {
        checked: reports.reduce((sum, report) => sum + report.checked, 0),
        violations: reports.flatMap(({ service, violations }) =>
          violations.map((violation) => ({ service, ...violation })),
        ),
      };
      const violated = document.violations.length;
      const others = violated > 0 ? [`the others report ${violated} violated`] : [];
      if (faults.length > 0) throw new CliError([...faults, ...others].join('; '), 2, document);
      return { reports, document };
    },
    json: ({ document }) => document,
    text: ({ reports, document: { violations } }, style) => [
      table(
        'service, checked:right, violated:right, rows as rows examined',
        reports.map((report) => ({
          ...report,
          violated: `${report.violations.length}`,
          rows: Object.entries(report.populations).map(([kind, rows]) => `${kind} ${rows}`),
        })),
        style,
        'no service has invariants',
      ),
      '',
      ...violations.flatMap(({ service, invariant, rows }) => [
        style.bad(`${service} ${cell(invariant)}`),
        ...rows.map((row) => `  ${cell(row)}`),
        '',
      ]),
      violations.length === 0
        ? style.good('every invariant holds')
        : style.bad(`${violations.length} violated`),
    ],
    exit: ({ document }) => (document.violations.length > 0 ? 1 : 0),
  }),
  command('ledger prove [--heads FILE] [--public-key KEY]', {
    help: `proves the whole book, or names where it first diverges
      --heads: heads that were kept from an earlier proof or from ledger.chain-heads, as a JSON list
      --public-key: the ledger's, as you keep it: those heads, and the answered ones, must be signed with it
      Verifies the hash chains over the journal, and recomputes balances and holds from it, in one snapshot.
      Exit code 1 for a difference, 2 when the ledger does not answer: then nothing is proven.`,
    call: async ({ heads: file, public_key: key }, { ledger }) => {
      const heads = file === undefined ? [] : headsIn(file);
      const proof = await ledger.prove({ heads });
      return { proof, faults: headFaults(proof, heads, key) };
    },
    json: ({ proof }) => proof,
    text: ({ proof: { proven, chain, book }, faults }, style) => {
      const { kind, shard, sequence, entries = [] } = chain.divergence ?? { shard: null };
      const place = shard === null ? '' : ` at entry ${cell(sequence)} of chain ${shard}`;
      return [
        `${chain.entries} entries, ${book.checked} invariants`,
        kind !== undefined && style.bad(`first divergence: ${cell(kind)}${place}`),
        ...entries.map((entry) => `  entry ${cell(entry)}`),
        ...faults.map(style.bad),
        ...book.violations.map(({ invariant }) => style.bad(`violated: ${cell(invariant)}`)),
        proven ? style.good('the book is proven') : style.bad('the book is NOT proven'),
      ];
    },
    exit: ({ proof, faults }) => (proof.proven && faults.length === 0 ? 0 : 1),
  }),
  command('ledger halts', {
    help: 'lists the stops of the ledger after violations of its book, newest first',
    call: (_given, { ledger }) => ledger.bookHalts(),
    text: (halts) =>
      halts.length === 0
        ? 'the book was never halted'
        : halts.map(({ reason, opened_at, lifted_at, lifted_by, lift_approved_by }) => {
            const people = `${cell(lifted_by)} and ${cell(lift_approved_by)}`;
            const end = lifted_at === null ? 'in force' : `lifted ${lifted_at} by ${people}`;
            return `${opened_at}  ${end}  ${cell(reason)}`;
          }),
  }),
  command('ledger resume --evidence TEXT', {
    help: `resumes the halted ledger; requires two people; kept permanently, with the evidence
      The ledger halts again within a minute if the cause still exists.`,
    call: (lift, { ledger }) => ledger.liftBookHalt(lift),
    approval: 'ledger',
    text: ({ reason }) => `the ledger goes on; it was halted by: ${cell(reason)}`,
  }),
  command('ledger differences', {
    help: `lists bookings that the ledger lacks, and withdrawals that intake-api has lost
      intake-api compares both every minute. Exit code 1 while something differs.
      Both differ after a restore of the ledger’s database alone: see docs/operations/backup-and-restore.md.`,
    call: (_given, { intake }) => intake.ledgerDifferences(),
    text: (answer) => differenceLines(answer),
    exit: ({ open, lost_withdrawals: lost }) => (open + lost.length === 0 ? 0 : 1),
  }),
  command('ledger recover --evidence TEXT', {
    help: `sends the ledger again the holds, captures, releases and fees that it has lost
      It sends exactly what "sluice ledger differences" shows, and works while the ledger is halted.
      It may be repeated: holds and entries that the ledger has stay. Exit code 1 while something differs.`,
    call: (recovery, { intake }) => intake.recoverLedger(recovery),
    approval: 'intake-api',
    text: (answer) => differenceLines(answer),
    exit: ({ open }) => (open === 0 ? 0 : 1),
  }),
  command('ledger detach --before DATE', {
    help: `proves the book and takes the old partitions of the journal off it
      --before: partitions that end before the month of this date, e.g. 2026-11-01
      The proof (heads of the chains, closing balance of every account) is kept as a checkpoint, and later proofs begin there.
      The partitions stay in the database as tables of their own, for its owner to store and drop. Refused when anything does not hold.`,
    call: (detachment, { ledger }) => ledger.detachJournal(detachment),
    text: ({ until, partitions }, style) => [
      style.good(`the book is proven; the journal begins ${cell(until)}`),
      ...partitions.map((partition) => `  detached ${cell(partition)}`),
    ],
  }),
];

/**
 * Throws for a report without the number of checks: a missing number must not pass as a clean
 * result.
 */
async function invariantsOf(services: Services, service: string) {
  const report: InvariantReportDto = await services.service(service).invariants();
  if (typeof report.checked !== 'number')
    throw new CliError(
      `${service} did not report the number of checked invariants: its version may differ from this command`,
      2,
    );
  return { service, ...report };
}

/** Reads a list of heads; the ledger checks them. Throws a usage error for another file. */
function headsIn(file: string): readonly ChainHeadDto[] {
  try {
    const heads: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(heads)) return heads as readonly ChainHeadDto[];
  } catch (error) {
    throw usageError(`--heads ${file} cannot be read: ${(error as Error).message}`);
  }
  throw usageError(`--heads ${file} is not a JSON list`);
}

/** Given heads that the ledger rejects, and heads that are not signed with the caller's key. */
function headFaults(
  { chain: { forged, heads } }: ProofDto,
  given: readonly ChainHeadDto[],
  key: string | undefined,
): readonly string[] {
  const fault = (text: string, list: readonly ChainHeadDto[]) => {
    const names = list.map(({ shard, sequence }) => `${cell(shard)}/${cell(sequence)}`);
    return names.length === 0 ? [] : [`${text} ${names.join(', ')}`];
  };
  const foreign = (list: readonly ChainHeadDto[]) =>
    key === undefined ? [] : list.filter((head) => !isChainHeadSignedBy(key, head));
  return [
    ...fault('forged: the ledger did not sign the heads', forged),
    ...fault('forged: no signature by your key on', foreign(given)),
    ...fault('the ledger that answered does not sign with your key:', foreign(heads)),
  ];
}

function differenceLines(answer: LedgerDifferencesDto): readonly (string | false)[] {
  const { open, resolved, is_sweeping: isSweeping, compared_at: comparedAt } = answer;
  return [
    ...answer.differences.map(({ number, kind, detail, answer: refusal }) => {
      const refused = refusal === null ? '' : `; sent again, and refused: ${cell(refusal)}`;
      return `withdrawal ${cell(number)}  ${cell(kind)}  ${cell(detail)}${refused}`;
    }),
    ...answer.lost_withdrawals.map(
      ({ withdrawal_id, account_id, asset, amount, state, placed_at }) => {
        const held = `${cell(amount)} ${cell(asset)} of account ${cell(account_id)}`;
        return `lost ${cell(withdrawal_id)}  ${held} are ${cell(state)} since ${cell(placed_at)}, and intake-api has no such withdrawal`;
      },
    ),
    `${open} withdrawals differ, ${resolved} are settled; compared ${comparedAt ?? 'never'}`,
    isSweeping && 'all withdrawals are being compared: more may be found',
    open > 0 && cell(answer.not_recovered),
  ];
}
