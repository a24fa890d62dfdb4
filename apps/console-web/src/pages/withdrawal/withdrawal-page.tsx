import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { Page } from '../../components/page.js';
import { Reading } from '../../components/reading.js';
import { LiveNote } from '../../live/live-note.js';
import { useLiveWithdrawals } from '../../live/use-live-withdrawals.js';
import { WithdrawalReport } from './withdrawal-report.js';

/** Facts of all services about a withdrawal, and the action that is safe now. */
export function WithdrawalPage(): ReactNode {
  const { ref = '' } = useParams({ strict: false });
  const isConnected = useLiveWithdrawals();
  const query = useQuery(readOf(intake.withdrawal(ref)));
  return (
    <Page
      title={`Withdrawal ${query.data?.number ?? ref}`}
      aside={<LiveNote isConnected={isConnected} />}
    >
      <Reading query={query} what="The withdrawal">
        {(withdrawal) => <WithdrawalReport withdrawal={withdrawal} />}
      </Reading>
    </Page>
  );
}
