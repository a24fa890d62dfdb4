import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { anyService } from '../../api/services.js';
import { everyOf } from '../../api/queries.js';
import { Message } from '../../components/message.js';
import { MissingServices } from '../../components/missing.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { useSession } from '../../session/session-provider.js';
import { useServerTime } from '../../time/use-server-time.js';
import { InboxFilters } from './inbox-filters.js';
import {
  cutKinds,
  entriesOf,
  filtered,
  groupedByUrgency,
  type InboxFilter,
} from './inbox-groups.js';
import type { InboxEntry } from './evidence/inbox-item.js';
import { InboxTable } from './inbox-table.js';

const RENEWED_MS = 30_000;
/** The inbox of a visible tab is at most five seconds old, the time of the answer included. */
const INBOX_EVERY_MS = 4_000;

/** Everything at every service that waits for people. */
export function DecidePage(): ReactNode {
  const filter: InboxFilter = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useQuery({
    ...everyOf(anyService('console').inboxItems()),
    refetchInterval: INBOX_EVERY_MS,
  });
  const change = (changes: InboxFilter): void =>
    void navigate({ to: '/decide', search: { ...filter, ...changes }, replace: true });
  return (
    <Page title="To decide">
      <Reading query={query} what="What waits at the services">
        {(answers) => {
          const entries = entriesOf(answers);
          const isComplete = answers.every(({ data }) => data !== undefined);
          return (
            <>
              <MissingServices answers={answers} />
              <InboxFilters
                entries={entries}
                services={answers.map(({ service }) => service)}
                filter={filter}
                onChange={change}
              />
              <Groups entries={entries} filter={filter} isComplete={isComplete} />
            </>
          );
        }}
      </Reading>
    </Page>
  );
}

function Groups({
  entries,
  filter,
  isComplete,
}: {
  readonly entries: readonly InboxEntry[];
  readonly filter: InboxFilter;
  readonly isComplete: boolean;
}): ReactNode {
  const { session } = useSession();
  const now = useServerTime(RENEWED_MS) ?? 0;
  const shown = filtered(entries, filter, session);
  const cut = cutKinds(entries);
  return (
    <>
      {cut.length > 0 && (
        <Message tone="wait">
          Only the oldest 100 are listed of: {cut.join(', ')}. More wait behind them.
        </Message>
      )}
      {shown.length === 0 && (
        <Message tone={isComplete && entries.length === 0 ? 'good' : 'quiet'}>
          {entries.length > 0
            ? `The filter hides all ${entries.length} items.`
            : isComplete
              ? 'Nothing waits for people: every service has answered.'
              : 'Nothing waits at the services that answered.'}
        </Message>
      )}
      {groupedByUrgency(shown, now).map(({ title, entries: own }) => (
        <Panel key={title} title={`${title} (${own.length})`} isFlush>
          <InboxTable label={title} entries={own} />
        </Panel>
      ))}
    </>
  );
}
