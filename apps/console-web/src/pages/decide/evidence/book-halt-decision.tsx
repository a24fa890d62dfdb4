import { LEDGER } from '@sluice/admin-client/calls';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { readOf } from '../../../api/queries.js';
import { ledger } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import type { DecisionSubject } from './subject.js';

/** Halt of the book: two people resume it with evidence. */
export function BookHaltDecision({ service }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(ledger.bookHalts()));
  return (
    <Reading query={query} what="The halts of the book">
      {(halts) => {
        const halt = halts.find(({ lifted_at: at }) => at === null);
        if (halt === undefined) return <Message tone="good">The book is not halted.</Message>;
        const facts = (
          <Facts
            facts={{ Reason: <Foreign text={halt.reason} />, Since: <Time at={halt.opened_at} /> }}
          />
        );
        return (
          <Panel title="The book is halted">
            {facts}
            <Message tone="bad">
              <span>
                The ledger books no command: no withdrawal of any venue is held, captured or
                released. Prove the book before you resume it.
              </span>
              <Link to="/ledger">The ledger, with its proof</Link>
            </Message>
            <div className="actions">
              <ActionButton
                service={service}
                call={LEDGER.liftBookHalt}
                label="Ask to resume the book"
                tone="danger"
                whereToLook="read this page, and the requests that wait at the ledger."
              >
                {facts}
              </ActionButton>
            </div>
          </Panel>
        );
      }}
    </Reading>
  );
}
