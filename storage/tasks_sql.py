"""The task engine's statements. Each is one round trip, and most are run for every task."""

# Lanes are locked first, in the order of their names, and only then tasks: everybody who ends a task does so too,
# or two of them would wait for each other. A lane that turns out to have no new task is tidied up by its next claim.
_STORED = """
wanted AS (
  SELECT w.inbox_id, w.kind, w.lane, w.key, w.latest_key, w.payload::jsonb AS payload, w.not_before, w.crew, w.n
  FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $10::text[])
       WITH ORDINALITY AS w(inbox_id, kind, lane, key, latest_key, payload, not_before, crew, n)
), lanes AS (
  INSERT INTO lane (name, crew, due_at, lease)
  SELECT lane, min(crew), min(not_before), 0 FROM wanted GROUP BY lane ORDER BY lane
  ON CONFLICT (name) DO UPDATE SET due_at = least(lane.due_at, excluded.due_at)
  RETURNING 1
), once AS (
  INSERT INTO task (inbox_id, kind, lane, key, payload, not_before, created_at,
                    revision, started, failures, doubts, last_error, dead)
  SELECT inbox_id, kind, lane, key, payload, not_before, $8, 0, 0, 0, 0, '', false
  FROM wanted WHERE latest_key IS NULL AND (SELECT count(*) FROM lanes) > 0 ORDER BY n
  ON CONFLICT (key) DO NOTHING
  RETURNING 1
), newest AS (
  INSERT INTO task (inbox_id, kind, lane, latest_key, payload, not_before, created_at,
                    revision, started, failures, doubts, last_error, dead)
  SELECT inbox_id, kind, lane, latest_key, payload, not_before, $8, 0, 0, 0, 0, '', false
  FROM wanted WHERE latest_key IS NOT NULL AND (SELECT count(*) FROM lanes) > 0 ORDER BY latest_key
  ON CONFLICT (latest_key) WHERE done_at IS NULL AND latest_key IS NOT NULL
  DO UPDATE SET revision = task.revision + 1, payload = excluded.payload,
                not_before = greatest(excluded.not_before, task.reserved_at)
  RETURNING 1
)
"""

ENQUEUE = f"""
WITH {_STORED}
SELECT (SELECT count(*) FROM once) AS added, pg_notify($9, '')
FROM (SELECT count(*) FROM newest) AS done
"""  # noqa: S608  # put together of nothing but what stands here

# Only what is about to leave must be on disk first: that it was started, and all that led to it (the log of
# PostgreSQL is written in order). What changes only our own rows would after a crash of the database run again.
CLAIM = """
WITH free AS (
  SELECT due.name FROM unnest($2::text[], $5::int[]) AS slots(crew, free) CROSS JOIN LATERAL (
    SELECT name FROM lane WHERE leased_by IS NULL AND lane.crew = slots.crew AND due_at <= $1
    ORDER BY due_at LIMIT slots.free FOR UPDATE SKIP LOCKED
  ) AS due
), leased AS (
  UPDATE lane SET leased_by = $3, lease = lane.lease + 1, leased_until = $4
  FROM free WHERE lane.name = free.name
  RETURNING lane.name, lane.lease
), heads AS (
  UPDATE task SET started = task.started + 1
  FROM leased CROSS JOIN LATERAL (
    SELECT id FROM task AS t WHERE t.lane = leased.name AND t.done_at IS NULL ORDER BY id LIMIT 1
  ) AS head
  WHERE task.id = head.id AND task.done_at IS NULL AND task.not_before <= $1
  RETURNING task.id, task.inbox_id, task.kind, task.lane, task.payload, task.revision,
            task.started, task.failures, task.doubts, task.last_error, task.created_at, task.reserved_at
)
SELECT coming.due, leased.name, leased.lease, heads.*,
       CASE WHEN NOT EXISTS (SELECT 1 FROM heads WHERE NOT kind = ANY($6::text[]))
            THEN set_config('synchronous_commit', 'off', true) END
FROM (
  SELECT min(next.due_at) AS due FROM unnest($2::text[]) AS crews(crew) CROSS JOIN LATERAL (
    SELECT due_at FROM lane
    WHERE leased_by IS NULL AND lane.crew = crews.crew AND name NOT IN (SELECT name FROM free)
    ORDER BY due_at LIMIT 1
  ) AS next
) AS coming LEFT JOIN leased ON true LEFT JOIN heads ON heads.lane = leased.name
"""

HOLD = "SELECT 1 FROM lane WHERE name = $1 AND leased_by = $2 AND lease = $3 FOR UPDATE"

# Needs the lane's lock in a statement before it, so that it sees whatever was enqueued until then.
FREE = """
WITH ended AS (
  UPDATE task SET done_at = $2, dead = $5 WHERE id = $3 AND revision = $4 AND done_at IS NULL RETURNING id
), head AS (
  SELECT not_before FROM task
  WHERE lane = $1 AND done_at IS NULL AND id NOT IN (SELECT id FROM ended) ORDER BY id LIMIT 1
), freed AS (
  UPDATE lane SET leased_by = NULL, leased_until = NULL, due_at = (SELECT not_before FROM head)
  WHERE name = $1 AND EXISTS (SELECT 1 FROM head)
), gone AS (
  DELETE FROM lane WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM head)
)
SELECT pg_notify($6, '') FROM head WHERE not_before <= $2
"""

# What a task causes, always in other lanes, and then its end, if nobody touched its lane since this statement began:
# whoever changes what is in a lane writes a new version of its row, and a statement does not see what was committed
# while it waited for a lock. If it is not over, the lane is still to be held and freed.
END = f"""
WITH {_STORED}, seen AS MATERIALIZED (
  SELECT xmin FROM lane WHERE name = $11
), held AS MATERIALIZED (
  SELECT xmin FROM lane
  WHERE name = $11 AND leased_by = $12 AND lease = $13 AND (SELECT count(*) FROM lanes) >= 0 FOR UPDATE
), ours AS MATERIALIZED (
  SELECT 1 FROM held JOIN seen ON held.xmin = seen.xmin
), ended AS (
  UPDATE task SET done_at = $14, dead = $17
  WHERE id = $15 AND revision = $16 AND done_at IS NULL AND EXISTS (SELECT 1 FROM ours) RETURNING id
), head AS MATERIALIZED (
  SELECT not_before FROM task
  WHERE lane = $11 AND done_at IS NULL AND id NOT IN (SELECT id FROM ended) ORDER BY id LIMIT 1
), freed AS (
  UPDATE lane SET leased_by = NULL, leased_until = NULL, due_at = (SELECT not_before FROM head)
  WHERE name = $11 AND EXISTS (SELECT 1 FROM head) AND EXISTS (SELECT 1 FROM ours)
), gone AS (
  DELETE FROM lane WHERE name = $11 AND NOT EXISTS (SELECT 1 FROM head) AND EXISTS (SELECT 1 FROM ours)
)
SELECT EXISTS (SELECT 1 FROM ours) AS is_over,
       CASE WHEN EXISTS (SELECT 1 FROM wanted) OR EXISTS (SELECT 1 FROM head WHERE not_before <= $14)
            THEN pg_notify($9, '') END,
       CASE WHEN $18::bool THEN set_config('synchronous_commit', 'off', true) END
"""  # noqa: S608  # put together of nothing but what stands here

# A run that ended without a word adds to the doubts, and so does one that says itself that it may have done its work.
POSTPONE = """
UPDATE task SET doubts = doubts + started - 1 - failures + $4, failures = started, last_error = $2,
                not_before = CASE WHEN key IS NOT NULL AND revision <> $5 THEN $6::timestamptz
                                  ELSE $3::timestamptz END,
                waits_for = NULL, reserved_at = NULL
WHERE id = $1
"""

# Whoever lifts the pause deletes its row and then wakes what waits behind it: the row is held, so that a task cannot
# lie down behind a pause that has just been lifted.
DEFER = """
WITH still AS (SELECT 1 FROM pause WHERE key = $3 FOR KEY SHARE)
UPDATE task SET doubts = CASE WHEN $4::bool THEN doubts + started - 1 - failures ELSE doubts END,
                failures = CASE WHEN $4 THEN started ELSE failures END,
                started = CASE WHEN $4 THEN started ELSE started - 1 END,
                not_before = CASE WHEN key IS NOT NULL AND revision <> $7 THEN $5::timestamptz
                                  WHEN $3::text IS NULL OR EXISTS (SELECT 1 FROM still) THEN $2::timestamptz
                                  ELSE $5::timestamptz END,
                waits_for = $3, reserved_at = $6
WHERE id = $1
"""

REAP = """
UPDATE lane SET leased_by = NULL, leased_until = NULL
WHERE leased_by IS NOT NULL AND (
  leased_until < $1
  OR leased_by NOT IN (
    SELECT objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND classid::bigint = $2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )
)
"""

PURGE = """
DELETE FROM task WHERE id IN (SELECT id FROM task WHERE done_at < $1 AND NOT dead ORDER BY done_at LIMIT 5000)
"""
