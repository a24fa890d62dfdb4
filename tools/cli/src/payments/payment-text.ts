import type { PaymentApprovalDto } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import { CliError, type Row } from '../errors/errors.js';
import { table } from '../render/table.js';
import { cell, time, type Style } from '../render/text.js';
import { waitingPayment, type WaitingPayment } from './waiting-payment.js';

const MINUTE_MS = 60_000;

/** Formats every field of the content, in its order, with the digest as the last line. */
export function contentText({ content, digest }: WaitingPayment, style: Style): string {
  const lines = [...Object.entries(content).flatMap(linesOf), ['digest', digest] as const];
  const widest = Math.max(...lines.map(([title]) => title.length));
  return lines.map(([title, text]) => `${style.bold(title.padEnd(widest))}  ${text}`).join('\n');
}

/** Formats the state of the approval: votes, and the time left. */
export function stateText({ approval }: WaitingPayment, style: Style): string {
  const { state, asked_at: at, ended_at: ended, needs_passkey: passkey } = approval;
  return [
    `state    ${state === 'open' ? `awaited, ${leftText(approval)}` : `${state} at ${time(ended)}`}`,
    `asked    ${time(at)}, round ${cell(approval.round)}`,
    `votes    ${votesText(approval)}`,
    `passkey  ${passkey ? 'one of the groups takes passkeys' : 'not needed'}`,
    '',
    table(
      'person, decision, groups, with_passkey as passkey, reason, voted_at as voted',
      approval.votes,
      style,
      'there is no vote yet',
    ),
  ].join('\n');
}

/** Counts the approvals per group, such as `1 of treasury 2`. */
export function votesText({ content, votes }: Pick<PaymentApprovalDto, 'content' | 'votes'>) {
  const refusals = votes.filter(({ decision }) => decision === 'refuse').length;
  const counts = groupsIn(content).map(({ group, need }) => {
    const given = votes.filter(
      ({ decision, groups }) => decision === 'approve' && groups.some((one) => one === group),
    );
    return `${given.length} of ${cell(group)} ${cell(need)}`;
  });
  return [...counts, ...(refusals === 0 ? [] : [`${refusals} refused`])].join(', ') || '–';
}

/** Row of a payment in the list of administrative requests. */
export function listedPayment(approval: PaymentApprovalDto) {
  const { withdrawal_id: id, state, asked_at, expires_at, ended_at, votes, digest } = approval;
  const approvers = votes.flatMap(({ decision, person }) => (decision === 'approve' ? person : []));
  return {
    service: 'ledger',
    id,
    action: 'pay',
    state: state === 'open' ? 'awaited' : state,
    exactly: shortText(approval),
    digest,
    requested_by: null,
    requested_at: asked_at,
    expires_at,
    approved_by: approvers.length === 0 ? null : approvers.join(', '),
    approved_at: state === 'granted' ? ended_at : null,
    votes: votesText(approval),
  };
}

/** One line for the list; the complete content is in `approvals show`. */
function shortText(approval: PaymentApprovalDto): string {
  try {
    const { content } = waitingPayment(approval, { id: approval.withdrawal_id });
    const { amount, asset, destination, account_id: account } = content;
    return `${cell(amount)} ${cell(asset)} to ${recipientText(destination)} (account ${cell(account)})`;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}

function recipientText(destination: unknown): string {
  if (!isObject(destination)) return cell(destination);
  const { type, ...fields } = destination;
  const { address, memo, ...others } = fields;
  if (type !== 'address' || Object.keys(others).length > 0)
    return Object.entries(destination)
      .map(([name, value]) => `${cell(name)} ${cell(value)}`)
      .join(', ');
  return `${cell(address)}${memo === undefined ? '' : ` memo ${cell(memo)}`}`;
}

function linesOf([name, value]: [string, unknown]): readonly (readonly [string, string])[] {
  const title = cell(name).replaceAll('_', ' ');
  if (name === 'destination' && isObject(value))
    return Object.entries(value).map(([field, text]) => [`${title} ${cell(field)}`, cell(text)]);
  const isGroups = name === 'groups' && Array.isArray(value) && value.every(isQuorum);
  if (!isGroups) return [[title, cell(value)]];
  return [[title, value.map(({ group, need }) => `${cell(group)} ${cell(need)}`).join(', ')]];
}

function groupsIn(content: string): readonly Row[] {
  try {
    const { groups } = JSON.parse(content) as Row;
    return Array.isArray(groups) ? groups.filter(isObject) : [];
  } catch {
    return [];
  }
}

/** A group with further fields is shown as JSON: no field stays hidden. */
function isQuorum(value: unknown): value is Row {
  return isObject(value) && Object.keys(value).join() === 'group,need';
}

function leftText({ expires_at: until }: PaymentApprovalDto): string {
  const minutes = Math.floor((Date.parse(until) - Date.now()) / MINUTE_MS);
  if (Number.isNaN(minutes)) return `until ${cell(until)}`;
  if (minutes < 0) return `the time to decide ended at ${time(until)}`;
  return `until ${time(until)}: ${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
}
