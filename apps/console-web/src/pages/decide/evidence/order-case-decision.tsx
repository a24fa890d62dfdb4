import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { readOf } from '../../../api/queries.js';
import { ledger } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import type { DecisionSubject } from './subject.js';
import { WithdrawalFacts } from './withdrawal-facts.js';

/** Order without the customer's valid signature. The ledger refused it; a person finds out why. */
export function OrderCaseDecision({ id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(ledger.orderCases()));
  return (
    <Reading query={query} what="The doubtful orders">
      {(cases) => {
        const found = cases.find(({ withdrawal_id: one }) => one === id);
        if (found === undefined) return <Message>The ledger lists no doubtful order {id}.</Message>;
        const { account_id: account, detail, opened_at: at } = found;
        return (
          <>
            <Panel title="The order">
              <Facts facts={{ Refused: <Foreign text={detail} />, At: <Time at={at} /> }} />
              <Message>
                <span>
                  Nothing was held or paid for it, and nothing ends the case. Ask the customer
                  whether the order is theirs. If it is not, revoke the key of the request.
                </span>
                <Link to="/accounts/$id" params={{ id: account }}>
                  The account, with its keys and signers
                </Link>
              </Message>
            </Panel>
            <WithdrawalFacts withdrawalId={id} />
          </>
        );
      }}
    </Reading>
  );
}
