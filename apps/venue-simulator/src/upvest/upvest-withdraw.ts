import { randomUUID } from 'node:crypto';
import { ok, refuse, type Result } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import { isPlainObject } from '../sim/check.js';
import type { Entry } from '../sim/facts.js';
import { customScript } from '../sim/payment-book.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { type UpvestUser, USERS } from './upvest-identities.js';
import {
  jsonAnswer,
  problem,
  type Problem,
  problemAnswer,
  type UpvestCall,
  type UpvestPayment,
  type UpvestState,
  type UpvestStatusScript,
} from './upvest-state.js';
import { withdrawalRecord } from './upvest-reads.js';

interface UpvestOrder {
  readonly user: UpvestUser;
  readonly amount: string;
  readonly remittance: string | null;
  readonly purpose: string | null;
}

const IDEMPOTENCY_KEY =
  /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-5][0-9a-f]{3}-?[089ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
const AMOUNT = /^[0-9]{1,9}(\.[0-9]{2})?$/;

/** POST /payments/withdrawals. A key with an earlier success gets the first answer again. */
export function withdraw(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const taken = take(state, call);
  if (!taken.ok) return problemAnswer(taken.refusal, call.requestId);
  const { entry, isNew } = taken.value;
  if (!isNew && state.settings().idempotency.replays === 'present_state')
    return jsonAnswer(withdrawalRecord(entry, state.book.statusOf(entry, call.now)));
  return jsonAnswer(withdrawalRecord({ ...entry, since: entry.payment.created_at }, 'NEW')); // the first answer, byte for byte
}

function take(
  state: UpvestState,
  call: UpvestCall,
): Result<{ entry: Entry; isNew: boolean }, Problem> {
  const key = call.headers['idempotency-key'];
  if (!key)
    return refuse(problem('missing_idempotency_key', 'The header idempotency-key is missing'));
  if (!IDEMPOTENCY_KEY.test(key)) return invalid('idempotency-key has to be a UUID');
  const order = readOrder(call);
  if (!order.ok) return order;
  const first = firstUnder(state, key.toLowerCase(), call.now);
  if (first) return replay(state, first, order.value, call.now);
  const refusal = refusalOf(state, order.value, call.now);
  if (refusal) return refuse(refusal);

  state.record({ t: 'payment', payment: paymentOf(state, order.value, key.toLowerCase(), call) });
  const entry = state.book.ofClientId(key.toLowerCase()).at(-1);
  if (!entry) throw new Error('the book does not contain the new payment');
  return ok({ entry, isNew: true });
}

function firstUnder({ book, settings }: UpvestState, key: string, now: number): Entry | undefined {
  return book
    .ofClientId(key)
    .findLast(({ payment }) => now - payment.created_at < settings().idempotency.kept_ms);
}

function replay(
  { settings }: UpvestState,
  first: Entry,
  order: UpvestOrder,
  now: number,
): Result<{ entry: Entry; isNew: boolean }, Problem> {
  const { in_progress_ms: inProgressMs, other_body: otherBody } = settings().idempotency;
  if (now - first.payment.created_at < inProgressMs)
    return refuse(
      problem('conflict', 'The first request with this idempotency-key is still running'),
    );
  if (otherBody === 'conflict' && !sameOrder(first.payment as UpvestPayment, order))
    return refuse(problem('conflict', 'The idempotency-key was used with another body'));
  return ok({ entry: first, isNew: false });
}

function sameOrder(
  first: UpvestPayment,
  { user, amount, remittance, purpose }: UpvestOrder,
): boolean {
  return (
    first.destination === user.reference_account_id &&
    first.amount === amount &&
    first.memo === remittance &&
    first.purpose_code === purpose
  );
}

function readOrder(call: UpvestCall): Result<UpvestOrder, Problem> {
  const body = readBody(call);
  if (!body.ok) return body;
  const user = readUser(body.value);
  if (!user.ok) return user;
  const { amount, currency = 'EUR' } = body.value;
  if (typeof amount !== 'string' || !AMOUNT.test(amount) || !amountOf(amount, 'EUR').isPositive())
    return invalid('amount has to be a positive decimal text with two decimals');
  if (currency !== 'EUR') return invalid('currency has to be EUR');
  const remittance = optionalText(body.value, 'remittance_information', /^[^\p{Cc}]{0,140}$/u);
  if (!remittance.ok) return remittance;
  const purpose = optionalText(body.value, 'purpose_code', /^[A-Z0-9]{4}$/);
  if (!purpose.ok) return purpose;
  return ok({
    user: user.value,
    amount: amount.includes('.') ? amount : `${amount}.00`,
    remittance: remittance.value,
    purpose: purpose.value,
  });
}

/** Reads the user; the three ids must belong to the same user. */
function readUser(fields: Readonly<Record<string, unknown>>): Result<UpvestUser, Problem> {
  const ids = { user_id: '', account_group_id: '', reference_account_id: '' };
  for (const name of ['user_id', 'account_group_id', 'reference_account_id'] as const) {
    const id = requiredUuid(fields, name);
    if (!id.ok) return id;
    ids[name] = id.value;
  }
  const user = USERS.find((one) => one.user_id === ids.user_id);
  if (!user) return refuse(problem('not_found', 'The user does not exist'));
  if (user.account_group_id !== ids.account_group_id)
    return refuse(problem('not_found', 'The account group does not exist'));
  if (user.reference_account_id !== ids.reference_account_id)
    return refuse(problem('not_found', 'The reference account does not exist'));
  return ok(user);
}

function refusalOf(
  { accounts, settings }: UpvestState,
  { user, amount }: UpvestOrder,
  now: number,
): Problem | null {
  const { refused_reference_accounts: refused, insufficient_cash: status } = settings();
  if (refused.includes(user.reference_account_id))
    return problem('unprocessable_entity', 'The reference account cannot be paid to');
  if (accounts.of('EUR', now).lessThan(amountOf(amount, 'EUR')))
    return problem(
      status === 422 ? 'unprocessable_entity' : 'invalid_request',
      'The amount is more than is available for withdrawal',
    );
  return null;
}

function paymentOf(
  { settings }: UpvestState,
  order: UpvestOrder,
  key: string,
  call: UpvestCall,
): UpvestPayment {
  const {
    rejected_reference_accounts: rejected,
    rejected_while: while_,
    returned_reference_accounts: returned,
  } = settings();
  const cancelled: UpvestStatusScript =
    while_ === 'NEW' ? 'cancelled_while_new' : 'cancelled_while_processing';
  const usual: UpvestStatusScript = rejected.includes(order.user.reference_account_id)
    ? cancelled
    : call.goesBack
      ? 'withdrawal_going_back'
      : returned.includes(order.user.reference_account_id)
        ? 'returned'
        : 'withdrawal';
  return {
    id: randomUUID(),
    kind: 'account',
    client_id: key,
    currency: 'EUR',
    chain: null,
    destination: order.user.reference_account_id,
    memo: order.remittance,
    amount: order.amount,
    fee: '0',
    net_amount: order.amount,
    created_at: call.now,
    script: customScript(settings().scripts, order.user.reference_account_id) ?? usual,
    user_id: order.user.user_id,
    account_group_id: order.user.account_group_id,
    purpose_code: order.purpose,
  };
}

/** DELETE /payments/withdrawals/{id}: possible while NEW only. */
export function cancel({ book, record, settings }: UpvestState, call: UpvestCall): SimulatedAnswer {
  const entry = book.find(call.id);
  if (!entry)
    return problemAnswer(problem('not_found', 'The withdrawal does not exist'), call.requestId);
  const status = book.statusOf(entry, call.now);
  if (status !== 'NEW')
    return problemAnswer(
      problem('conflict', `The withdrawal is ${status} and cannot be cancelled`),
      call.requestId,
    );

  record({ t: 'turned', id: entry.payment.id, script: 'cancelled_by_client', at: call.now });
  return settings().cancel_status === 204
    ? { status: 204, body: '' }
    : jsonAnswer(withdrawalRecord(entry, book.statusOf(entry, call.now)));
}

type UpvestFields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function readBody(call: UpvestCall): Result<UpvestFields, Problem> {
  if (!call.headers['content-type']?.toLowerCase().startsWith('application/json'))
    return invalid('The content type has to be application/json');
  try {
    const body: unknown = JSON.parse(Buffer.from(call.body).toString('utf8'));
    if (isPlainObject(body)) return ok(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return invalid('The body has to be a JSON object');
}

function requiredUuid(fields: UpvestFields, name: string): Result<string, Problem> {
  const value = fields[name];
  return typeof value === 'string' && UUID.test(value)
    ? ok(value.toLowerCase())
    : invalid(`${name} has to be a UUID`);
}

function optionalText(
  fields: UpvestFields,
  name: string,
  pattern: RegExp,
): Result<string | null, Problem> {
  const value = fields[name] ?? null;
  if (value === null) return ok(null);
  return typeof value === 'string' && pattern.test(value)
    ? ok(value)
    : invalid(`${name} is malformed`);
}

function invalid(detail: string): Result<never, Problem> {
  return refuse(problem('invalid_request', detail));
}
