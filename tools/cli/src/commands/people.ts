import type { AuditHeadDto } from '@sluice/http-api';
import { usageError } from '../errors/errors.js';
import { runVerification } from '../calls/run-verification.js';
import { command } from '../language/command.js';
import { defined } from '../language/usage.js';
import { facts, table } from '../render/table.js';
import { cell } from '../render/text.js';

const HEAD = /^([1-9]\d{0,17}):([0-9a-f]{64})$/;

export const PEOPLE = [
  command('whoami', {
    help: 'shows the caller and the roles of the caller',
    call: (_given, { intake }) => intake.whoami(),
    text: (caller, style) => facts('name, roles', caller, style),
  }),
  command('audit list [--service S] [--by NAME] [--since UTC] [--limit 1..500]', {
    help: `lists calls and their callers, newest first
      --by: only calls of this person or service
      --since: only from this moment on, e.g. 2026-11-20T08:00:00Z
      A call that changes something has two entries: "asked" before the change, and its answer.`,
    example: '--by "R. Ortiz" --since 2026-11-20T08:00:00Z',
    call: async ({ service, by, since, limit = 50 }, services) => {
      const query = defined({ limit, by, since });
      const rows = await services.ofEach(
        service,
        async (admin) => (await admin.auditEntries(query)).data,
      );
      return rows.sort((a, b) => b.at.localeCompare(a.at));
    },
    text: (rows, style) =>
      table(
        'service, sequence, at:time, by, remote as from, call, answer, what',
        rows.map((row) => ({
          ...row,
          by: row.caller_name || row.caller_kind,
          call: `${row.method} ${row.target}`,
          answer: row.status ?? 'asked',
          what: row.refusal ?? row.summary,
        })),
        style,
        'there is no entry',
      ),
  }),
  command('audit prove [--service S] [--head ID:HASH]…', {
    help: `proves the audit log and the approvals, or names the first entry that was changed and the forged approvals
      --head: a head of that service that was kept from an earlier proof or its log
      Only a head that was kept elsewhere shows that a tail was cut off: keep the printed heads.
      Exit code 1 when an entry is wrong or an approval is forged, 2 when a service does not answer: then nothing is proven.`,
    call: async ({ service, head }, services) => {
      const heads = head.map(headIn);
      if (heads.length > 0 && service === undefined)
        throw usageError('--head is of one service: name it with --service');
      return services.ofEach(service, async (admin) => [await admin.proveAudit({ heads })]);
    },
    text: (proofs, style) =>
      proofs.map(({ service, entries, head, broken, forged_approvals: forged }) => {
        if (broken)
          return style.bad(
            `${service}: entry ${cell(broken.sequence)} is wrong: ${broken.because}`,
          );
        if (forged.length > 0)
          return style.bad(`${service}: approvals without a valid seal: ${forged.join(', ')}`);
        const kept = head === null ? '' : `, head ${cell(head.sequence)}:${head.hash}`;
        return style.good(`${service}: ${entries} entries are proven${kept}`);
      }),
    exit: (proofs) => (proofs.every(({ proven }) => proven) ? 0 : 1),
  }),
  command('audit verify --since UTC [--program FILE]', {
    help: `recomputes the facts and findings of the auditor from topics, venues and chains, and names each difference
      --since: facts from this moment on are compared, without those of the last two minutes
      --program: the auditor's verify.js; default: of this checkout
      Requires the auditor's environment and AUDIT_VERIFY_DATABASE_URL, a database that does not exist.
      Exit code 1 for a difference, 2 when a source was not read: then nothing is proven.`,
    example: '--since 2026-11-26T00:00:00Z',
    call: ({ since, program }) => runVerification(since, program),
    text: ({ lines }) => lines,
    exit: ({ code }) => code,
  }),
];

function headIn(text: string): AuditHeadDto {
  const [, sequence, hash] = HEAD.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw usageError(`--head takes ID:HASH as "sluice audit prove" prints it, not "${text}"`);
  return { sequence, hash };
}
