import { useEffect, useState } from 'react';
import { serverNow } from './server-clock.js';

/** Returns the server's time, renewed after each interval while the tab is visible. */
export function useServerTime(intervalMs: number): number | null {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const renew = (): void => {
      if (document.visibilityState === 'visible') setNow(serverNow());
    };
    const timer = setInterval(renew, intervalMs);
    document.addEventListener('visibilitychange', renew);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renew);
    };
  }, [intervalMs]);
  return now;
}
