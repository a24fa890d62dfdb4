import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Message } from '../../components/message.js';
import { Page } from '../../components/page.js';
import { visibleText } from '../../format/visible-text.js';
import { AddressEntryDecision } from './evidence/address-entry-decision.js';
import { ApprovalDecision } from './evidence/approval-decision.js';
import { BookHaltDecision } from './evidence/book-halt-decision.js';
import { BreakDecision } from './evidence/break-decision.js';
import { DeadLetterDecision } from './evidence/dead-letter-decision.js';
import { FindingDecision } from './evidence/finding-decision.js';
import { HaltDecision } from './evidence/halt-decision.js';
import { LedgerDifferenceDecision } from './evidence/ledger-difference-decision.js';
import { OrderCaseDecision } from './evidence/order-case-decision.js';
import { PausedWalletDecision } from './evidence/paused-wallet-decision.js';
import { PaymentDecision } from './evidence/payment-decision.js';
import { SubmissionDecision } from './evidence/submission-decision.js';
import { WithdrawalCaseDecision } from './evidence/withdrawal-case-decision.js';
import type { DecisionSubject } from './evidence/subject.js';
import { kindName } from './evidence/inbox-item.js';

const DECISIONS: Readonly<Record<string, (subject: DecisionSubject) => ReactNode>> = {
  approval: ApprovalDecision,
  payment_approval: PaymentDecision,
  address_entry: AddressEntryDecision,
  break: BreakDecision,
  halt: HaltDecision,
  book_halt: BookHaltDecision,
  order_case: OrderCaseDecision,
  dead_letter: DeadLetterDecision,
  finding: FindingDecision,
  paused_wallet: PausedWalletDecision,
  ledger_difference: LedgerDifferenceDecision,
  lost_withdrawal: LedgerDifferenceDecision,
};

/** Evidence of a subject, and the possible actions. */
export function DecisionPage(): ReactNode {
  const given: Partial<DecisionSubject> = useParams({ strict: false });
  const { service = '', kind = '', id = '' } = given;
  const Decision = kind === 'case' ? caseOf(service) : DECISIONS[kind];
  return (
    <Page
      title={`${capital(kindName(kind))} ${id.length > 40 ? '' : id}`}
      aside={<Link to="/decide">Everything that waits</Link>}
    >
      {Decision === undefined ? (
        <Message tone="bad">
          The console knows no “{visibleText(kind)}”. The command shows everything of {service}.
        </Message>
      ) : (
        <Decision key={`${service} ${kind} ${id}`} service={service} kind={kind} id={id} />
      )}
    </Page>
  );
}

/** A case of intake-api is about a report; a case of a connector is about a payment. */
function caseOf(service: string): (subject: DecisionSubject) => ReactNode {
  return service === 'intake-api' ? WithdrawalCaseDecision : SubmissionDecision;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
