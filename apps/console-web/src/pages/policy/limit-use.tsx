import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PolicyUseDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Message } from '../../components/message.js';
import { Time } from '../../components/time.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { AccountLink, Badge, Sum, Words } from '../../reading/values.js';
import { countedParts, nearness } from './nearness.js';

type Limit = PolicyUseDto['limits'][number];
type KeyUse = Limit['uses'][number];

/** Present counts of the limits in force, the nearest to each limit first. */
export function LimitUse(): ReactNode {
  const { rule } = useSearchText();
  const use = useQuery(readOf(ledger.policyUse(rule === undefined ? {} : { rule })));
  return (
    <Section
      title={rule === undefined ? 'Use of the limits' : `Use of the limit ${rule}`}
      what="The use of the limits"
      read={use}
      aside={
        rule !== undefined && (
          <Link to="/policy" search={{ part: 'use' }}>
            All limits
          </Link>
        )
      }
    >
      {({ version, at, limits }) => (
        <>
          <p className="muted">
            Limits of version {version}, counted at <Time at={at} />. A payment that may still move
            counts.
          </p>
          {limits.length === 0 && <p className="muted">The version in force has no limit.</p>}
          {limits.map((limit) => (
            <OneLimit key={limit.rule} of={limit} />
          ))}
        </>
      )}
    </Section>
  );
}

function OneLimit({ of }: { readonly of: Limit }): ReactNode {
  const { rule: name, max, unit, window, complete, uses } = of;
  const { rule } = useSearchText();
  return (
    <>
      <h3>
        <Words text={name} />: {max} {unit === 'asset' ? 'units of each asset' : unit} per {window}
      </h3>
      {!complete && (
        <Message tone="wait">
          <span>
            Not every count of the limit was read: another may be nearer.{' '}
            {rule === undefined && (
              <Link to="/policy" search={{ part: 'use', rule: name }}>
                Read 5,000 counts of this limit
              </Link>
            )}
          </span>
        </Message>
      )}
      <DataTable
        label={`Use of ${name}`}
        columns={columnsOf(of)}
        rows={uses}
        keyOf={({ key }) => key}
        empty="Nothing counts now."
      />
    </>
  );
}

function columnsOf({ counted_per: per, max, unit }: Limit) {
  return [
    column<KeyUse>('Counted for', ({ key }) => <Counted per={per} counted={key} />, 'head'),
    column<KeyUse>('Used', ({ used }) => <Sum value={used} />, 'right'),
    column<KeyUse>('Left', ({ remaining }) => <Sum value={remaining} />, 'right'),
    column<KeyUse>('Limit', () => `${max}${unit === 'asset' ? '' : ` ${unit}`}`, 'right'),
    column<KeyUse>('State', ({ used }) => {
      const { tone, text } = nearness(used, max);
      return <Badge tone={tone}>{text}</Badge>;
    }),
  ];
}

function Counted({
  per,
  counted,
}: {
  readonly per: readonly string[];
  readonly counted: string;
}): ReactNode {
  if (per.length === 0) return 'all together';
  return (
    <ul className="plain-list">
      {countedParts(per, counted).map(({ property, value }) => (
        <li key={property}>
          <span className="muted">{property}</span>{' '}
          {property === 'account' ? <AccountLink id={value} /> : <Words text={value} />}
        </li>
      ))}
    </ul>
  );
}
