-- body-has-its-number: a body begins with the number of its delivery, and names its event
SELECT d.id, d.webhook_id, d.event FROM delivery d
 WHERE NOT starts_with(d.body, '{"id":' || d.id || ',"event":"' || d.event || '",')
