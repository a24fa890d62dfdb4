import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { everyOf, readOf } from '../../api/queries.js';
import { anyService, intake } from '../../api/services.js';
import { MissingServices } from '../../components/missing.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { LiveNote } from '../../live/live-note.js';
import { useLiveWithdrawals } from '../../live/use-live-withdrawals.js';
import { useVenues } from '../../reading/use-services.js';
import { useConsumption } from '../../reading/waiting-cell.js';
import { useServerTime } from '../../time/use-server-time.js';
import { FiguresPanel } from './figures-panel.js';
import { GlancePanel } from './glance-panel.js';
import { glanceOf } from './glance.js';
import { InFlight } from './in-flight.js';
import { VenuesTable } from './venues-table.js';
import { WaitingItems } from './waiting-items.js';

const GLANCE_RENEWED_MS = 10_000;

/** Start page: the answer whether everything is fine, and the reasons. */
export function NowPage(): ReactNode {
  const isConnected = useLiveWithdrawals();
  const counts = useQuery(readOf(intake.withdrawalCounts()));
  const inbox = useQuery(everyOf(anyService('').inboxItems()));
  const consumption = useConsumption();
  const venues = useVenues();
  const nowMs = useServerTime(GLANCE_RENEWED_MS);
  const glance = glanceOf({
    inbox: inbox.error === null ? inbox.data : null,
    counts: counts.error === null ? counts.data : null,
    consumption: consumption.error === null ? consumption.data : null,
    venues,
    nowMs,
  });
  return (
    <Page title="Now" aside={<LiveNote isConnected={isConnected} />}>
      <GlancePanel glance={glance} />
      <div className="columns columns-wide">
        <Panel title="Money in flight" isFlush>
          <Reading query={counts} what="The withdrawals under way">
            {(data) => <InFlight counts={data} />}
          </Reading>
        </Panel>
        <Panel title="Waits for a person" isFlush>
          <Reading query={inbox} what="The inbox">
            {(answers) => (
              <>
                <MissingServices answers={answers} />
                <WaitingItems answers={answers} />
              </>
            )}
          </Reading>
        </Panel>
      </div>
      <FiguresPanel />
      <VenuesTable inbox={inbox.data} consumption={consumption} venues={venues} />
    </Page>
  );
}
