import type { WebhookDto } from '@sluice/http-api';
import { usageError } from '../errors/errors.js';
import { command, listing } from '../language/command.js';
import { defined } from '../language/usage.js';
import { facts, page, pageJson, table } from '../render/table.js';
import { cell, printable, time, type Style } from '../render/text.js';

const WEBHOOK = '0193a1b2-0000-7000-8000-00000000000a';

export const WEBHOOKS = [
  command('webhook create --account A --url URL --events E,… [--description TEXT]', {
    help: `registers a URL for events, and shows its signing secret once
      --url: https, a public address, e.g. https://shop.example/hooks
      --events: e.g. withdrawal.confirmed; others: withdrawal.broadcasted, withdrawal.failed, …
      --description: purpose of the webhook
      The answer to "sluice approve" has the secret. A secret is neither shown again nor changed: delete the webhook and create another.`,
    call: (given, { webhooks }) => webhooks.createWebhook(defined(given)),
    approval: 'webhooks',
    text: (webhook, style) => [
      webhookText(webhook, style, webhook.secret),
      style.doubtful('the secret is not shown again: keep it now'),
    ],
  }),
  listing('webhook list --account A', {
    help: 'lists the webhooks of an account',
    call: ({ account }, { webhooks }) => webhooks.webhooks({ account }),
    columns:
      'id as webhook, state:state, url, events, description, created_at as created, failing_since:time',
    empty: 'there is no webhook yet: sluice webhook create',
  }),
  command('webhook show ID', {
    help: 'shows one webhook',
    call: ({ ID }, { webhooks }) => webhooks.webhook(ID),
    text: (webhook, style) => webhookText(webhook, style),
  }),
  command('webhook delete ID', {
    help: 'deletes a webhook permanently; its deliveries stay on record',
    call: ({ ID }, { webhooks }) => webhooks.deleteWebhook(ID),
    text: ({ id }) => `${cell(id)} is deleted`,
  }),
  command('webhook test ID', {
    help: 'sends a webhook a test event',
    call: ({ ID }, { webhooks }) => webhooks.testWebhook(ID),
    text: ({ id }) =>
      `it goes out as delivery ${cell(id)}; see: sluice webhook delivery ${cell(id)}`,
  }),
  command('webhook pause ID', {
    help: 'sends a webhook nothing until it is resumed; events meanwhile wait for it',
    call: ({ ID }, { webhooks }) => webhooks.pauseWebhook(ID),
    text: ({ id }) => `${cell(id)} is paused`,
  }),
  command('webhook resume ID', {
    help: 'resumes a paused webhook',
    call: ({ ID }, { webhooks }) => webhooks.resumeWebhook(ID),
    text: ({ id }) => `${cell(id)} goes on`,
  }),
  command(
    'webhook deliveries ID [--status pending|delivered|failed] [--limit 1..500] [--cursor C]',
    {
      help: `lists the past and pending deliveries of a webhook, newest first
        --status: only deliveries with this status`,
      call: ({ ID, ...query }, { webhooks }) => webhooks.deliveries(ID, defined(query)),
      json: (answer) => pageJson(answer),
      text: (deliveries, style, { status }) =>
        page(
          'id:right as delivery, created_at as scheduled, event, status:state, attempt_count:right as attempts, next_retry_at as next, ended_at as ended',
          `there is no delivery${status === undefined ? '' : ` that is ${status}`}`,
        )(deliveries, style),
    },
  ),
  command('webhook delivery DELIVERY', {
    help: `shows one delivery in full: content, attempts and answers
      DELIVERY: as "sluice webhook deliveries" shows it, e.g. 42`,
    missing: '"sluice webhook deliveries ID" shows those of a webhook',
    call: ({ DELIVERY }, { webhooks }) => webhooks.delivery(DELIVERY),
    text: (delivery, style) => {
      const last = delivery.attempts.at(-1)?.answer ?? '';
      return [
        facts(
          'id as delivery, webhook_id as webhook, event, status, created_at as scheduled, next_retry_at as next, ended_at as ended, body',
          delivery,
          style,
        ),
        '',
        table(
          'started_at:ms as at, status:right as HTTP, duration_ms:right as ms, error',
          delivery.attempts,
          style,
          'it was not attempted yet',
        ),
        ...(last === '' ? [] : ['', style.bold('last answer'), printable(last)]),
      ];
    },
  }),
  command('webhook requeue [DELIVERY] [--webhook ID] [--from UTC] [--to UTC]', {
    help: `sends again: one delivery, or the failed deliveries of a webhook in a period
      DELIVERY: one, in any state
      --webhook: whose failed deliveries, with --from and --to
      --from: scheduled from then on, e.g. 2026-11-20T08:00:00Z
      --to: and before then
      The receiver gets the same id and the same bytes: a receiver that de-duplicates does nothing twice.`,
    example: `--webhook ${WEBHOOK} --from 2026-11-20T08:00:00Z --to 2026-11-20T10:00:00Z`,
    missing: '"sluice webhook list --account A" and "sluice webhook deliveries ID" show them',
    call: async ({ DELIVERY: id, webhook, from, to }, { webhooks }) => {
      if ((id === undefined) === ((webhook ?? from ?? to) === undefined))
        throw usageError('it takes one DELIVERY, or --webhook with --from and --to');
      if (id !== undefined) return webhooks.requeueDelivery(id);
      if (webhook === undefined) throw usageError('--webhook is missing');
      if (from === undefined) throw usageError('--from is missing');
      if (to === undefined) throw usageError('--to is missing');
      return webhooks.requeueDeliveries(webhook, { from, to });
    },
    text: (done) =>
      'requeued' in done
        ? `${cell(done.requeued)} go out again`
        : `delivery ${cell(done.id)} goes out again`,
  }),
];

function webhookText(webhook: WebhookDto, style: Style, secret: string | null = null): string {
  return facts(
    'id as webhook, account, url, events, description, state, created_at as created, secret',
    { ...webhook, state: stateOf(webhook), secret },
    style,
  );
}

function stateOf({ state, paused_at, paused_because, failing_since }: WebhookDto): string {
  if (state === 'paused')
    return `paused since ${time(paused_at)}, ${paused_because === 'failures' ? 'after days of nothing but failures' : 'by request'}`;
  return failing_since === null || state === 'deleted'
    ? state
    : `${state}, but nothing has been delivered since ${time(failing_since)}`;
}
