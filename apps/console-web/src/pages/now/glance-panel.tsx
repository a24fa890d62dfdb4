import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Foreign } from '../../components/foreign.js';
import type { NowGlance } from './glance.js';

/** Answer of a glance, with a line for each fault and each request. */
export function GlancePanel({ glance }: { readonly glance: NowGlance }): ReactNode {
  const { tone, headline, problems } = glance;
  return (
    <section className={`message message-${tone} glance`} aria-labelledby="glance">
      <p id="glance" role="status">
        {headline}
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ tone: own, sentence, to, search }) => (
            <li key={sentence}>
              <span className={`dot dot-${own}`} aria-hidden="true" />
              <Foreign text={sentence} />{' '}
              {to !== '/' && (
                <Link to={to} search={search}>
                  {to === '/decide' ? 'Decide' : 'Show'}
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
