import { randomUUID } from 'node:crypto';
import type { SimulatedAnswer } from '../sim/serve.js';
import { readBody } from './upvest-body.js';
import { jsonAnswer, problem, problemAnswer } from './upvest-problems.js';
import type { UpvestWebhook } from './upvest-settings.js';
import type { UpvestCall, UpvestState } from './upvest-state.js';

// Registrations are kept as a setting: the log has them, a reset forgets them, and a test may write them at once.

/** POST /webhooks: registers a webhook; a new webhook sends no events until enabled. */
export function createWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const body = readBody(call);
  if (!body.ok) return problemAnswer(body.refusal, call.requestId);
  const { title, url, type } = body.value;
  const types = Array.isArray(type)
    ? type.filter((one) => one === 'WITHDRAWAL' || one === 'ALL')
    : [];
  if (
    typeof title !== 'string' ||
    typeof url !== 'string' ||
    !URL.canParse(url) ||
    types.length === 0
  )
    return problemAnswer(
      problem('invalid_request', 'title, url or type is malformed'),
      call.requestId,
    );
  const webhook: UpvestWebhook = {
    id: randomUUID(),
    title,
    url,
    type: types as string[],
    enabled: false,
  };
  store(state, [...state.settings().webhooks, webhook], call.now);
  return jsonAnswer(webhook);
}

/** PATCH /webhooks/{id}: `{"enabled": true}`. */
export function changeWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const body = readBody(call);
  if (!body.ok) return problemAnswer(body.refusal, call.requestId);
  const { webhooks } = state.settings();
  const webhook = webhooks.find((one) => one.id === call.id);
  const { enabled } = body.value;
  if (!webhook) return notFound(call);
  if (typeof enabled !== 'boolean')
    return problemAnswer(
      problem('invalid_request', 'enabled has to be true or false'),
      call.requestId,
    );
  const changed = { ...webhook, enabled };
  store(
    state,
    webhooks.map((one) => (one === webhook ? changed : one)),
    call.now,
  );
  return jsonAnswer(changed);
}

/** GET /webhooks */
export function listWebhooks(state: UpvestState): SimulatedAnswer {
  const data = state.settings().webhooks;
  return jsonAnswer({
    meta: {
      offset: 0,
      limit: 100,
      count: data.length,
      total_count: data.length,
      sort: 'id',
      order: 'ASC',
    },
    data,
  });
}

/** DELETE /webhooks/{id} */
export function deleteWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const { webhooks } = state.settings();
  const others = webhooks.filter((one) => one.id !== call.id);
  if (others.length === webhooks.length) return notFound(call);
  store(state, others, call.now);
  return { status: 204, body: '' };
}

function store({ record }: UpvestState, webhooks: readonly UpvestWebhook[], at: number): void {
  record({ t: 'settings', patch: { webhooks }, at });
}

function notFound(call: UpvestCall): SimulatedAnswer {
  return problemAnswer(problem('not_found', 'The webhook does not exist'), call.requestId);
}
