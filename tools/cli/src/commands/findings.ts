import { command, listing } from '../language/command.js';
import { cell } from '../render/text.js';

export const FINDINGS = [
  listing('findings list [--all]', {
    help: `lists the differences that the auditor found between ledger, orders and venues
      --all: closed findings, too`,
    call: async ({ all }, { auditor }) => {
      const findings = await auditor.findings();
      return all ? findings : findings.filter(({ closed_at }) => closed_at === null);
    },
    columns:
      'id:right, opened_at as opened, kind, scope, target, subject, closed_at as closed, closed_by, close_approved_by as approved_by, close_reason as reason',
    empty: 'the auditor has no open finding',
  }),
  command('findings show ID', {
    help: 'shows one finding with the facts of both sides',
    call: ({ ID }, { auditor }) => auditor.showFinding(ID),
    text: ({ evidence, ...finding }) => [
      ...Object.entries(finding).map(([name, value]) => `${name.padEnd(17)}  ${cell(value)}`),
      JSON.stringify(evidence, null, 2),
    ],
  }),
  command('findings close ID --reason TEXT', {
    help: 'closes a finding after its cause was found; kept permanently, with the reason',
    call: ({ ID, reason }, { auditor }) => auditor.closeFinding(ID, { reason }),
    approval: 'auditor',
    text: ({ id, closed_by: first, close_approved_by: second }) =>
      `finding ${id} is closed by ${cell(first)} and ${cell(second)}`,
  }),
];
