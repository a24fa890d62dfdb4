import type { InboxItemDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../../api/queries.js';
import { anyService } from '../../../api/services.js';
import { Message } from '../../../components/message.js';
import { Reading } from '../../../components/reading.js';
import { kindName } from './inbox-item.js';
import type { DecisionSubject } from './subject.js';

/** Reads the subject's item in the service's inbox, and shows what is made of it. */
export function InboxItemOf({
  subject: { service, kind, id },
  children,
}: {
  readonly subject: DecisionSubject;
  readonly children: (item: InboxItemDto) => ReactNode;
}): ReactNode {
  const query = useQuery(readOf(anyService(service).inboxItems()));
  return (
    <Reading query={query} what={`The inbox of ${service}`}>
      {(items) => {
        const item = items.find((one) => one.kind === kind && one.id === id);
        return item === undefined ? (
          <Message>
            No {kindName(kind)} {id} waits at {service}.
          </Message>
        ) : (
          children(item)
        );
      }}
    </Reading>
  );
}
