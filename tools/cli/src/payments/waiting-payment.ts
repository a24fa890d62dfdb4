import type { PaymentApprovalDto } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import { hash } from 'node:crypto';
import { CliError, type Row } from '../errors/errors.js';
import { table } from '../render/table.js';
import { cell, type Style, time } from '../render/text.js';

/** First line of the digested text. */
const VERSION = 'sluice payment approval 1';

/** Payment whose content was compared with its digest by this program. */
export interface WaitingPayment {
  readonly approval: PaymentApprovalDto;
  readonly content: Row;
  /** SHA-256 in hex, computed here from the text of the content. */
  readonly digest: string;
}

/** Withdrawal that a person has named. */
interface Wanted {
  readonly id: string;
  /** Number or uuid; a number was looked up at intake-api, and the ledger's content confirms it. */
  readonly given?: string;
}

/**
 * Returns the payment of an answer of the ledger. Throws a CliError if the content is not that of
 * the withdrawal, has another digest, or has two readings: the vote would cover something else than
 * the person saw.
 */
export function waitingPayment(
  approval: PaymentApprovalDto,
  { id: withdrawalId, given = withdrawalId }: Wanted,
): WaitingPayment {
  const { content: text, digest: claimed } = approval;
  const digest = hash('sha256', `${VERSION}\n${text}`, 'hex');
  if (digest !== claimed)
    throw wrong(
      withdrawalId,
      `its content has the digest ${digest}, the ledger states ${claimed}`,
      {
        computed_digest: digest,
        stated_digest: claimed,
      },
    );
  const content = contentOf(text);
  if (content === null) throw wrong(withdrawalId, 'its content is not readable in exactly one way');
  const { withdrawal_id: of, number } = content;
  const isNumbered = typeof number === 'string' && !given.includes('-');
  if (of !== withdrawalId || (isNumbered && number !== given))
    throw wrong(withdrawalId, 'its content is of another withdrawal');
  return { approval, content, digest };
}

function wrong(withdrawalId: string, why: string, details: Row = {}): CliError {
  return new CliError(`do not approve payment ${withdrawalId}: ${why}`, 1, details);
}

/** A text with a repeated field, or with other than plain JSON, has more than one reading. */
function contentOf(text: string): Row | null {
  try {
    const content: unknown = JSON.parse(text);
    return isObject(content) && JSON.stringify(content) === text ? content : null;
  } catch {
    return null;
  }
}

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

/** Describes a payment in a line of the list; `approvals show` has the complete content. */
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
