\set owner random(1, 200)
\set s random(1, 5)
BEGIN;
{owned}
ROLLBACK;
