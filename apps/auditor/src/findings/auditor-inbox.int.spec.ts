import { Inbox } from '@sluice/service-shell';
import { givenAuditor } from '../testkit/given-auditor.js';
import { AuditorInbox } from './auditor-inbox.js';

const OPEN = `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at) VALUES ('paid_twice', 'venue', 'gateio', 'w-1', '{}', now())`;
const CLOSED = `INSERT INTO finding (kind, scope, target, subject, evidence, fact_at, closed_at, closed_by, close_approved_by, close_reason) VALUES ('paid_twice', 'all', NULL, $1, '{}', now(), now(), 'ada', 'bob', 'r') RETURNING id::text`;

it('the inbox of the auditor has findings that are open, or closed without a verified closing', async () => {
  const { owner, service } = await givenAuditor();
  try {
    await owner.query(OPEN);
    const [verified] = await owner.query<{ id: string }>(CLOSED, ['w-2']);
    await owner.query(CLOSED, ['w-3']);
    const inbox = new Inbox(service);
    const closings = { verified: [verified?.id ?? ''] };
    expect(new AuditorInbox(inbox, closings as never)).toBeDefined();

    expect(await inbox.items()).toMatchObject([
      {
        kind: 'finding',
        id: '1',
        title: 'Two sources differ (paid twice): w-1',
        venue: 'gateio',
        people: 2,
        roles: ['operate', 'approve'],
      },
      { kind: 'finding', id: '3', venue: null },
    ]);
  } finally {
    await Promise.all([owner.close(), service.close()]);
  }
});
