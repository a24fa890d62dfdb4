import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { isConnector, venueOf } from '../../api/services.js';
import { Page } from '../../components/page.js';
import { Parts, usePart, type PartNames } from '../../reading/parts.js';
import { usePathText } from '../../reading/use-search-text.js';
import { useServices } from '../../reading/use-services.js';
import { Consumption } from '../system/consumption.js';
import { DeadLetters } from '../system/dead-letters.js';
import { SelfCheck } from '../system/self-check.js';
import { SkippedBatches } from '../system/skipped-batches.js';
import { Assets } from './assets.js';
import { Breaks } from './breaks.js';
import { Cases } from './cases.js';
import { HaltsOf } from './halts.js';
import { Records } from './records.js';
import { Submissions } from './submissions.js';
import { VenueNow } from './venue-now.js';

const PARTS: PartNames = [
  ['now', 'Now'],
  ['stops', 'Halts, breaks and cases'],
  ['submissions', 'Submissions'],
  ['records', 'Foreign records'],
  ['assets', 'Assets and ceilings'],
  ['checks', 'Checks and messages'],
];

interface OfService {
  readonly service: string;
}

const CONTENT: Readonly<Record<string, (given: OfService) => ReactNode>> = {
  now: VenueNow,
  stops: Stops,
  submissions: Submissions,
  records: Records,
  assets: Assets,
  checks: Checks,
};

/** A connector and the venue. */
export function VenuePage(): ReactNode {
  const service = usePathText('service');
  const isKnown = useServices().includes(service) && isConnector(service);
  const Content = CONTENT[usePart(PARTS)] ?? VenueNow;
  return (
    <Page title={`Venue ${venueOf(service)}`} aside={<Link to="/venues">All venues</Link>}>
      {isKnown ? (
        <>
          <Parts label="Parts of the venue" parts={PARTS} />
          <Content service={service} />
        </>
      ) : (
        <p className="message message-wait">The console knows no connector of this name.</p>
      )}
    </Page>
  );
}

function Stops({ service }: OfService): ReactNode {
  return (
    <>
      <HaltsOf service={service} />
      <Breaks service={service} />
      <Cases service={service} />
    </>
  );
}

function Checks({ service }: OfService): ReactNode {
  return (
    <>
      <SelfCheck service={service} />
      <Consumption service={service} />
      <DeadLetters service={service} />
      <SkippedBatches service={service} />
    </>
  );
}
