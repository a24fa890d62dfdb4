import { startAtZero, type TableGauge } from '@sluice/service-shell';
import {
  SIGNATURE_KINDS,
  SIGNER_REFUSALS,
  type SignatureKind,
  type SignerRefusal,
} from '@sluice/signer-api';
import { Counter } from 'prom-client';

const answers = new Counter({
  name: 'sluice_signer_answers_total',
  help: 'Requests by what became of them: signed, or the name of the refusal. A receipt_wrong, digest_wrong, nonce_taken or destination_ours is an incident: somebody else speaks for the connector',
  labelNames: ['kind', 'answer'],
});

startAtZero(answers, {
  kind: SIGNATURE_KINDS,
  answer: ['signed', ...Object.keys(SIGNER_REFUSALS)],
});

export function countAnswer(kind: SignatureKind, answer: 'signed' | SignerRefusal): void {
  answers.inc({ kind, answer });
}

/** Used part of the caps. */
export const SIGNER_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_signer_hour_amount',
    help: 'What was signed away in this hour, by what for and asset, in units of the asset; gas as the most that it may cost',
    labels: ['spending', 'asset'],
    sql: `SELECT spending, asset, CASE WHEN hour >= date_trunc('hour', now(), 'UTC') THEN amount ELSE 0 END::float8 AS value FROM signed_total`,
  },
];
