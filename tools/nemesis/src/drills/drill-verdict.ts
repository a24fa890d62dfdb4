import { brokenOnes, isBroken, judgeAll } from '../judge/judge-all.js';
import { verdictLine } from '../judge/verdict.js';
import { traceOf } from '../judge/withdrawal-trace.js';
import { untilQuiet } from '../run/run.js';
import type { RunContext } from '../run/with-system.js';

const MOST_TRACES = 5;

/**
 * Waits until all withdrawals have ended, judges the system from outside and prints the verdict.
 * Returns the exit code.
 */
export async function verdictOf(context: RunContext): Promise<number> {
  const { admin, load, note, system, operator } = context;
  note('waiting until every withdrawal has ended …');
  await untilQuiet(context);
  const judgement = await judgeAll(system, admin, load);
  for (const one of brokenOnes(judgement).slice(0, MOST_TRACES))
    for (const line of await traceOf(one, admin, [], 'npm run drill')) note(line);
  for (const fault of judgement.faults) note(`✗ ${fault}`);
  for (const { asked, paid, kind, why } of judgement.cases)
    if (kind === 'waiting reported')
      note(
        `${asked.order.reference}, ${asked.order.amount} ${asked.order.currency}${asked.order.unnamed ? ', requested without a reference' : ''}: ${paid.length > 0 ? 'paid, and ' : ''}${why}`,
      );
  const decided = [...operator.interventions].filter(([, times]) => times > 0);
  if (decided.length > 0)
    note(
      `other actions of operators: ${decided.map(([what, times]) => `${times} ${what}`).join(', ')}`,
    );
  const holds = !isBroken(judgement);
  note(`${holds ? '✓' : '✗'} ${verdictLine(judgement.counts)}`);
  return holds ? 0 : 1;
}
