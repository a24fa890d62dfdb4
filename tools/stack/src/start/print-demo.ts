import { styleText } from 'node:util';
import { relative } from 'node:path';
import type { AccountBalanceDto, EntryDto } from '@sluice/http-api';
import { fieldsOf, textOf, type IntakeAnswer } from '../clients/signed-client.js';
import type { ReceivedWebhook } from '../clients/webhook-receiver.js';
import type { HistoryStep } from './demo-driver.js';
import type { Layout } from '../layout/layout.js';
import type { RunFile } from '../layout/run-file.js';
import { FIRST_VENUE, connectorOf, venueOf } from '../tables/venues.js';

/** Prints a request of the demo. Amounts stay text: this file never calculates. */
export function printRequest(
  label: string,
  title: string,
  { status, message, data }: IntakeAnswer,
  tookMs: number,
): void {
  const said =
    status === 200
      ? `${status} ${text(data, 'status')}, fee ${text(data, 'fee_decimal')}`
      : `${status} ${message}`;
  console.log(
    `${styleText('bold', label)}  POST /v1/withdrawals  ${title}  → ${said}  ${styleText('dim', `${tookMs} ms`)}`,
  );
}

export function printStep(
  label: string,
  { to, trigger, at, detail }: HistoryStep,
  since: number,
): void {
  const after = Math.max(0, Date.parse(at) - since) / 1000;
  const why = detail === null ? trigger : `${trigger}: ${detail}`;
  console.log(
    `${after.toFixed(2).padStart(7)} s  ${label}  ${to.padEnd(11)} ${styleText('dim', why)}`,
  );
}

export function printCancel(
  label: string,
  number: number,
  { status, message, data }: IntakeAnswer,
): void {
  const wish = fieldsOf(data)['cancel'];
  console.log(
    `           ${styleText('bold', label)}  DELETE /v1/withdrawals/${number}  → ${status} ${wish ? `cancel ${text(wish, 'status')}` : message}`,
  );
}

/** Prints the publishing of the tour's rules; null: an earlier start has published the rules. */
export function printPolicy(version: number | null): void {
  if (version !== null)
    console.log(`           spending policy, version ${version}, published by two people`);
}

/** Prints the rule that refused a withdrawal, and what the limit still allows. */
export function printLimit(label: string, data: unknown): void {
  console.log(
    `           ${styleText('bold', label)}  refused by ${text(data, 'rule')}: ${text(data, 'remaining')} ${text(data, 'unit')} remain`,
  );
}

export function printApproval(label: string, person: string, state: string): void {
  console.log(`           ${styleText('bold', label)}  approved by ${person}: ${state}`);
}

/** Prints the reason for a withdrawal's long wait. */
export function printWaiting(label: string, awaits: string, since: number): void {
  const after = ((Date.now() - since) / 1000).toFixed(2).padStart(7);
  console.log(`${after} s  ${label}  waiting     ${styleText('dim', awaits)}`);
}

/** Prints the confirmations of a wallet payment on the chain. */
export function printConfirmations(label: string, block: number, confirmations: number): void {
  const many = confirmations === 1 ? '1 confirmation' : `${confirmations} confirmations`;
  console.log(`           ${styleText('bold', label)}  in block ${block}: ${many}`);
}

/** Prints a webhook from the receiver's point of view. */
export function printWebhook({ id, event, data, verified, answered }: ReceivedWebhook): void {
  const about = data['withdrawal_id'];
  const of = typeof about === 'number' ? `of withdrawal ${about}` : '';
  console.log(
    `           ${styleText('bold', 'webhook')}  ${event}  ${of}  ${styleText('dim', `delivery ${id}`)}  → ${answered}, signature ${verified ? 'verified' : 'NOT verified'}`,
  );
}

/** Prints the reason for a fail-over, in the words of the withdrawal's history. */
export function printDecision(
  label: string,
  { from, to, why }: { from: string; to: string; why: string },
): void {
  console.log(
    `           ${styleText('bold', label)}  from ${from} to ${to}, on record because ${why}`,
  );
}

export function printBalances(balances: readonly AccountBalanceDto[]): void {
  console.log(`\n${styleText('bold', 'Balances')}`);
  table([
    ['currency', 'network', 'balance', 'held', 'available'],
    ...balances.map(({ currency, network, balance, held, available }) => [
      currency,
      network,
      balance,
      held,
      available,
    ]),
  ]);
}

export function printEntries(label: string, entries: readonly EntryDto[]): void {
  if (entries.length === 0)
    return console.log(`\n${styleText('bold', `Journal of ${label}`)}\n  nothing was booked`);
  console.log(`\n${styleText('bold', `Journal of ${label}`)}`);
  table(
    entries.flatMap(({ kind, postings }) =>
      postings.map(({ account, asset, amount }, line) => [
        line === 0 ? kind : '',
        account,
        asset,
        amount,
      ]),
    ),
  );
}

/** Columns as wide as their widest cell; decimal figures to the right. */
function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const figures = widths.map((_, column) =>
    rows.some((row) => /^-?\d+(\.\d+)?$/.test(row[column] ?? '')),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      figures[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
}

function text(data: unknown, key: string): string {
  return textOf(fieldsOf(data)[key]) || '?';
}

/** Prints the next steps for a person after the demo. */
/** Address of the console, and the place of the people's passwords. */
function consoleLines({ console_url: url, issuer }: RunFile, passwords: string): string {
  if (url === undefined) return '';
  return `
Console ${url} · log in as ${Object.keys(issuer.people).join(', ')}; the passwords are in ${passwords}`;
}

export function printNextSteps(run: RunFile, layout: Layout): void {
  const at = (path: string): string => relative(process.cwd(), path);
  console.log(`
${styleText('bold', 'Next steps')} (another terminal)
  curl -s ${run.intake_url}/readyz
  npm run -s sluice -- withdrawal list
  npm run -s sluice -- balances --account ${run.demo?.account_id ?? ''}
  npm run -s sluice -- api GET /v1/balances        signs with the demo key and prints the same call as curl
  npm run -s sluice -- webhook list --account ${run.demo?.account_id ?? ''}
  npm run -s sluice -- invariants check
  curl -s ${run.simulators[FIRST_VENUE]}/_sim/payments   payments in ${venueOf(FIRST_VENUE).title}'s book; the other venues are in run.json
  kill -9 ${run.processes[connectorOf(FIRST_VENUE)] ?? 'PID'}                       and watch the restart
${consoleLines(run, at(layout.issuer))}
API ${run.intake_url} · addresses and keys in ${at(layout.run)} · logs in ${at(layout.logs)}/ · Ctrl-C stops everything`);
}
