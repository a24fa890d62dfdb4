-- attempts-numbered-without-gaps: The attempts of this connector have the numbers from 1 to the counter; only attempts past their retention were removed. The schema is named because every check needs all attempts.
SELECT n.before + 1 AS missing_from, n.number - 1 AS missing_to
  FROM (SELECT a.serial_number AS number, coalesce(lag(a.serial_number) OVER (ORDER BY a.serial_number), c.swept_to) AS before
          FROM public.attempt a CROSS JOIN public.sending c WHERE a.serial_number > c.swept_to) n
 WHERE n.number > n.before + 1
UNION ALL
SELECT greatest(m.last, c.swept_to) + 1, c.last
  FROM public.sending c CROSS JOIN (SELECT coalesce(max(serial_number), 0) AS last FROM public.attempt) m WHERE greatest(m.last, c.swept_to) < c.last
UNION ALL
SELECT c.last + 1, m.last
  FROM public.sending c CROSS JOIN (SELECT coalesce(max(serial_number), 0) AS last FROM public.attempt) m WHERE m.last > c.last
UNION ALL
SELECT 1, c.swept_to FROM public.sending c
 WHERE EXISTS (SELECT FROM public.attempt a WHERE a.serial_number < c.swept_to AND a.intended_at > now() - interval '29 days')
UNION ALL
SELECT 1, NULL WHERE NOT EXISTS (SELECT FROM public.sending)
