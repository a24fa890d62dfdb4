// Read once from the environment: production must not be able to configure crash points.
const [target, nth] =
  process.env['NODE_ENV'] === 'production' ? [] : (process.env['FAULT_AT'] ?? '').split(':');
const passages = new Map<string, number>();

/** Moments between two durable facts for a test to kill a process, each with a number. */
const CRASH_POINTS = {
  'intake.before-commit': 'K1',
  'intake.after-commit': 'K2',
  'relay.before-send': 'K3',
  'relay.after-send': 'K4',
  'ledger.before-commit': 'K5',
  'ledger.after-commit': 'K6',
  'saga.before-commit': 'K7',
  'saga.after-commit': 'K8',
  'connector.after-intent': 'K9',
  'connector.at-answer': 'K10',
  'connector.before-outcome': 'K11',
  'connector.after-outcome': 'K12',
  'webhooks.before-commit': 'K13',
  'webhooks.after-send': 'K14',
  'wallet.after-lease': 'K22',
  'wallet.after-signature': 'K15',
  'wallet.after-release': 'K23',
  'wallet.after-send': 'K16',
  'wallet.after-replacement': 'K17',
  'wallet.after-look': 'K18',
  'signer.before-commit': 'K19',
  'signer.after-commit': 'K20',
  'signer.after-signature': 'K21',
  'auditor.before-commit': 'K24',
} as const;

type CrashPoint = keyof typeof CRASH_POINTS;

/** Kills this process at once when `FAULT_AT=<point>[:n]` asks for it on the n-th passage (a point's number does as well); inert otherwise. */
export function crashAt(point: CrashPoint): void {
  if (target !== point && target !== CRASH_POINTS[point]) return;
  const passage = (passages.get(point) ?? 0) + 1;
  passages.set(point, passage);
  if (passage === Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL');
}
