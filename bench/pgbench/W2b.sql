\set s random(1, 5)
BEGIN;
{all}
ROLLBACK;
