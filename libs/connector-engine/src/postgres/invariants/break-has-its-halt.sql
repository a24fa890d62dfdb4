-- break-has-its-halt: Every break has stopped what it is about: its halt is of its kind, was in force when it was opened, and no break is open without having halted. A lift that is earlier than its own halt is let pass: the clock was set back meanwhile.
SELECT b.id, b.kind, b.subject FROM break b LEFT JOIN halt h ON h.id = b.halt_id
 WHERE h.id IS NULL OR h.reason <> b.kind OR (h.lifted_at < b.opened_at AND h.lifted_at >= h.opened_at)
